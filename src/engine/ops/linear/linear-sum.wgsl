// dw[k, n] and db[n]: sums of the chunks' partials [chunks, k + 1, n] in the order of the chunks.
fn run(thread: u32) {
  let n4 = params.n / 4u;
  let stride = (params.k + 1u) * n4;
  var sum = vec4f();
  for (var chunk = 0u; chunk < params.chunks; chunk++) {
    sum += partial[chunk * stride + thread];
  }
  if (thread < params.k * n4) { dw[thread] = sum; } else { db[thread - params.k * n4] = sum; }
}
