// What becomes of four outputs of dy . w^T: times `slope`, GELU's, and its dropout mask, or plus `base`.
fn finish(at: u32, value: vec4f) {
  var v = value;
  //#if slope
  v *= slope[at];
  //#end
  //#if DROPOUT
  v *= keep4(at % params.row_blocks, at / params.row_blocks);
  //#end
  //#if base
  v += base[at];
  //#end
  dx[at] = v;
}
