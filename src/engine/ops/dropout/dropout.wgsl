// y = x * mask, or base + x * mask where there is a base. Four values a thread.
fn run(thread: u32) {
  var v = x[thread] * keep4(thread % params.row_blocks, thread / params.row_blocks);
  //#if base
  v += base[thread];
  //#end
  y[thread] = v;
}
