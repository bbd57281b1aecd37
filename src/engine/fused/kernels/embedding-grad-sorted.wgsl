// dweight[id, d] = sum of dy[n, d] over the positions n of that token: order[starts[id] .. starts[id + 1] - 1], ascending.
// Added to what is there where `accumulate` is 1. Four columns a thread.
fn run(thread: u32) {
  let d4 = params.dim / 4u;
  let id = thread / d4;
  let col = thread % d4;
  var sum = vec4f();
  for (var i = starts[id]; i < starts[id + 1u]; i++) { sum += dy[u32(order[i]) * d4 + col]; }
  dweight[thread] = select(sum, sum + dweight[thread], params.accumulate == 1u);
}
