// normalise-columns.wgsl with a workgroup for COLS times four columns, whose lanes share the rows.
fn run(group: u32, local: u32) {
  let s4 = params.slices / 4u;
  let col = group * COLS + local % COLS;
  var squares = vec4f();
  if (col < s4) {
    for (var i = local / COLS; i < params.dim; i += WORKGROUP / COLS) {
      let value = noise[i * s4 + col];
      squares += value * value;
    }
  }
  let scale = 1.0 / sqrt(column_sum(local, squares));
  if (col < s4) {
    for (var i = local / COLS; i < params.dim; i += WORKGROUP / COLS) { y[i * s4 + col] = noise[i * s4 + col] * scale; }
  }
}
