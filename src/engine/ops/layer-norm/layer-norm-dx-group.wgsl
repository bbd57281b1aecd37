// layer-norm-dx.wgsl with a workgroup a row.
fn run(row: u32, local: u32) {
  let d4 = params.dim / 4u;
  let at = row * d4;
  let mean = stats[row].x;
  let rstd = stats[row].y;
  var g_sum = vec4f();
  var gh_sum = vec4f();
  for (var i = local; i < d4; i += WORKGROUP) {
    let g = dy[at + i] * gamma[i];
    g_sum += g;
    gh_sum += g * ((x[at + i] - mean) * rstd);
  }
  let means = group_sum(local, vec2f(sum4(g_sum), sum4(gh_sum))) / f32(params.dim);
  for (var i = local; i < d4; i += WORKGROUP) {
    let h = (x[at + i] - mean) * rstd;
    var d = rstd * (dy[at + i] * gamma[i] - means.x - h * means.y);
    //#if base
    d += base[at + i];
    //#end
    dx[at + i] = d;
  }
}
