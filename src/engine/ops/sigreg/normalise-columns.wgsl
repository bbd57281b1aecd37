// y = noise[d, slices] with every column divided by its L2 norm. One thread a column.
fn run(col: u32) {
  var square = 0.0;
  for (var i = 0u; i < params.dim; i++) {
    let value = noise[i * params.slices + col];
    square += value * value;
  }
  let scale = 1.0 / sqrt(square);
  for (var i = 0u; i < params.dim; i++) { y[i * params.slices + col] = noise[i * params.slices + col] * scale; }
}
