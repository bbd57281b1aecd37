// With h = (x - mean) * rstd and g = dy * gamma: dx = rstd * (g - mean(g) - h * mean(g * h)). Plus `base` where
// there is one: the gradient that bypasses the norm. One thread a row.
fn run(row: u32) {
  let d4 = params.dim / 4u;
  let at = row * d4;
  let mean = stats[row].x;
  let rstd = stats[row].y;
  var g_sum = vec4f();
  var gh_sum = vec4f();
  for (var i = 0u; i < d4; i++) {
    let g = dy[at + i] * gamma[i];
    g_sum += g;
    gh_sum += g * ((x[at + i] - mean) * rstd);
  }
  let g_mean = (g_sum.x + g_sum.y + g_sum.z + g_sum.w) / f32(params.dim);
  let gh_mean = (gh_sum.x + gh_sum.y + gh_sum.z + gh_sum.w) / f32(params.dim);
  for (var i = 0u; i < d4; i++) {
    let h = (x[at + i] - mean) * rstd;
    var d = rstd * (dy[at + i] * gamma[i] - g_mean - h * gh_mean);
    //#if base
    d += base[at + i];
    //#end
    dx[at + i] = d;
  }
}
