// Per chunk of rows: partial[chunk, 0, d] = sum of dy * h (for dgamma), partial[chunk, 1, d] = sum of dy (dbeta).
fn run(thread: u32) {
  let d4 = params.dim / 4u;
  let chunk = thread / d4;
  let col = thread % d4;
  var dgamma = vec4f();
  var dbeta = vec4f();
  let last = min((chunk + 1u) * params.chunk, params.rows);
  for (var row = chunk * params.chunk; row < last; row++) {
    let g = dy[row * d4 + col];
    dgamma += g * ((x[row * d4 + col] - stats[row].x) * stats[row].y);
    dbeta += g;
  }
  partial[2u * chunk * d4 + col] = dgamma;
  partial[(2u * chunk + 1u) * d4 + col] = dbeta;
}
