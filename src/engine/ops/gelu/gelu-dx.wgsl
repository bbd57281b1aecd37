// dx = dy * (cdf(x) + x * density(x)), with dy through the same dropout mask. Four values a thread.
fn run(thread: u32) {
  let v = x[thread];
  let cdf = 0.5 * (1.0 + erf4(v * 0.7071067811865476));
  var g = dy[thread] * (cdf + v * 0.3989422804014327 * exp(-0.5 * v * v));
  //#if DROPOUT
  g *= keep4(thread % params.row_blocks, thread / params.row_blocks);
  //#end
  dx[thread] = g;
}
