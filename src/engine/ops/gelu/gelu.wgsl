// y = x * (1 + erf(x / sqrt 2)) / 2, then dropout. Four values a thread.
fn run(thread: u32) {
  let v = x[thread];
  var g = 0.5 * v * (1.0 + erf4(v * 0.7071067811865476));
  //#if DROPOUT
  g *= keep4(thread % params.row_blocks, thread / params.row_blocks);
  //#end
  y[thread] = g;
}
