// What becomes of four outputs of x . w (+ bias): dropout, residual (base), or GELU with dropout into `activation` and,
// for the backward pass, the slope of GELU into `slope`.
fn finish(at: u32, value: vec4f) {
  var v = value;
  //#if activation
  let cdf = 0.5 * (1.0 + erf4(v * 0.7071067811865476));
  //#if slope
  slope[at] = cdf + v * 0.3989422804014327 * exp(-0.5 * v * v);
  //#end
  v *= cdf;
  //#end
  //#if DROPOUT
  v *= keep4(at % params.row_blocks, at / params.row_blocks);
  //#end
  //#if base
  v += base[at];
  //#end
  //#if activation
  activation[at] = v;
  //#end
  //#ifnot activation
  y[at] = v;
  //#end
}
