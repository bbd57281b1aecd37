// dw in PARTS blocks [k, n / PARTS] and db[n]: the chunks' partials [chunks, k + 1, n] added in order, and to what dw and
// db hold where `accumulate` is 1. One thread for four columns.
fn run(thread: u32) {
  let n4 = params.n / 4u;
  let stride = (params.k + 1u) * n4;
  var sum = vec4f();
  for (var chunk = 0u; chunk < params.chunks; chunk++) { sum += partial[chunk * stride + thread]; }
  let line = thread / n4;
  let col = thread % n4;
  if (line == params.k) {
    db[col] = select(sum, sum + db[col], params.accumulate == 1u);
  } else {
    let width = n4 / PARTS;
    let at = ((col / width) * params.k + line) * width + col % width;
    dw[at] = select(sum, sum + dw[at], params.accumulate == 1u);
  }
}
