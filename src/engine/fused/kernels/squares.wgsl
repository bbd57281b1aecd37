// partial[offset + thread] = sum of the squares of `chunk` vec4 of x, four running sums; ops/sum/sum.wgsl on vec4.
fn run(thread: u32) {
  let first = thread * params.chunk;
  let last = min(first + params.chunk, params.size);
  var sums = vec4f();
  for (var i = first; i < last; i++) { sums += x[i] * x[i]; }
  partial[params.offset + thread] = (sums.x + sums.y) + (sums.z + sums.w);
}
