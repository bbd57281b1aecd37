// y = (x - mean) * rstd * gamma + beta for each row; stats[row] = (mean, rstd). One thread a row.
fn run(row: u32) {
  let d4 = params.dim / 4u;
  let base = row * d4;
  var sums = vec4f();
  for (var i = 0u; i < d4; i++) { sums += x[base + i]; }
  let mean = (sums.x + sums.y + sums.z + sums.w) / f32(params.dim);
  var squares = vec4f();
  for (var i = 0u; i < d4; i++) {
    let centred = x[base + i] - mean;
    squares += centred * centred;
  }
  let variance = (squares.x + squares.y + squares.z + squares.w) / f32(params.dim);
  let rstd = 1.0 / sqrt(variance + params.epsilon);
  for (var i = 0u; i < d4; i++) { y[base + i] = (x[base + i] - mean) * rstd * gamma[i] + beta[i]; }
  stats[row] = vec2f(mean, rstd);
}
