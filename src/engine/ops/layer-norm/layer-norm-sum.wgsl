// dgamma and dbeta: the chunks' partials [chunks, 2, d] added in order, and to what is there
// where `accumulate` is 1. One thread for four columns of either.
fn run(thread: u32) {
  let d4 = params.dim / 4u;
  var sum = vec4f();
  for (var chunk = 0u; chunk < params.chunks; chunk++) { sum += partial[2u * chunk * d4 + thread]; }
  let add = params.accumulate == 1u;
  if (thread < d4) {
    dgamma[thread] = select(sum, sum + dgamma[thread], add);
  } else {
    dbeta[thread - d4] = select(sum, sum + dbeta[thread - d4], add);
  }
}
