// What becomes of four outputs of dy . w^T: times the slope of GELU at `inner` and its dropout mask, or plus `base`.
fn finish(at: u32, value: vec4f) {
  var v = value;
  //#if inner
  let a = inner[at];
  v *= 0.5 * (1.0 + erf4(a * 0.7071067811865476)) + a * 0.3989422804014327 * exp(-0.5 * a * a);
  //#end
  //#if DROPOUT
  v *= keep4(at % params.row_blocks, at / params.row_blocks);
  //#end
  //#if base
  v += base[at];
  //#end
  dx[at] = v;
}
