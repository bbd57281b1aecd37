// layer-norm-partial.wgsl with a workgroup for COLS columns of a chunk of rows, which its lanes share.
fn run(group: u32, local: u32) {
  let d4 = params.dim / 4u;
  let blocks = (d4 + COLS - 1u) / COLS;
  let chunk = group / blocks;
  let col = (group % blocks) * COLS + local % COLS;
  var dgamma = vec4f();
  var dbeta = vec4f();
  if (col < d4) {
    let last = min((chunk + 1u) * params.chunk, params.rows);
    for (var row = chunk * params.chunk + local / COLS; row < last; row += WORKGROUP / COLS) {
      let g = dy[row * d4 + col];
      dgamma += g * ((x[row * d4 + col] - stats[row].x) * stats[row].y);
      dbeta += g;
    }
  }
  dgamma = column_sum(local, dgamma);
  dbeta = column_sum(local, dbeta);
  if (local < COLS && col < d4) {
    partial[2u * chunk * d4 + col] = dgamma;
    partial[(2u * chunk + 1u) * d4 + col] = dbeta;
  }
}
