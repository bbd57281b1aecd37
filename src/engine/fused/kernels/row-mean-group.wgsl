// row-mean.wgsl with a workgroup for COLS columns of a row, whose lanes share the positions.
fn run(group: u32, local: u32) {
  let d4 = params.dim / 4u;
  let blocks = (d4 + COLS - 1u) / COLS;
  let row = group / blocks;
  let col = (group % blocks) * COLS + local % COLS;
  var sum = vec4f();
  if (col < d4) {
    for (var i = local / COLS; i < params.sequence; i += WORKGROUP / COLS) {
      sum += x[(row * params.sequence + i) * d4 + col];
    }
  }
  let total = column_sum(local, sum);
  if (local < COLS && col < d4) { means[row * d4 + col] = total / f32(params.sequence); }
}
