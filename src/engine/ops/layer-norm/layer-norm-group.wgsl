// layer-norm.wgsl with a workgroup a row.
fn run(row: u32, local: u32) {
  let d4 = params.dim / 4u;
  let base = row * d4;
  var sums = vec4f();
  for (var i = local; i < d4; i += WORKGROUP) { sums += x[base + i]; }
  let mean = group_sum(local, vec2f(sum4(sums), 0.0)).x / f32(params.dim);
  var squares = vec4f();
  for (var i = local; i < d4; i += WORKGROUP) {
    let centred = x[base + i] - mean;
    squares += centred * centred;
  }
  let variance = group_sum(local, vec2f(sum4(squares), 0.0)).x / f32(params.dim);
  let rstd = 1.0 / sqrt(variance + params.epsilon);
  for (var i = local; i < d4; i += WORKGROUP) { y[base + i] = (x[base + i] - mean) * rstd * gamma[i] + beta[i]; }
  if (local == 0u) { stats[row] = vec2f(mean, rstd); }
}
