// What becomes of four outputs of x . w (+ bias): dropout, residual (base), or GELU with dropout into `activation`, y
// then taking its input.
fn finish(at: u32, value: vec4f) {
  var v = value;
  //#if activation
  //#if y
  y[at] = v;
  //#end
  v *= 0.5 * (1.0 + erf4(v * 0.7071067811865476));
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
