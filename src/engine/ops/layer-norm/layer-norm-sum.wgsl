// dgamma and dbeta: the chunks' partials [chunks, 2, d] added in order. One thread for four columns of either.
fn run(thread: u32) {
  let d4 = params.dim / 4u;
  var sum = vec4f();
  for (var chunk = 0u; chunk < params.chunks; chunk++) { sum += partial[2u * chunk * d4 + thread]; }
  if (thread < d4) { dgamma[thread] = sum; } else { dbeta[thread - d4] = sum; }
}
