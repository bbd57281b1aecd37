// dweight[id, d] = sum of dy[n, d] over the positions n with tokens[n] == id, in the order of n. A thread owns one
// id and COLS vec4 columns and looks through all positions: no atomics, no sorting, no barrier.
fn run(thread: u32) {
  let d4 = params.dim / 4u;
  let tiles = (d4 + COLS - 1u) / COLS;
  let id = i32(thread / tiles);
  let col = (thread % tiles) * COLS;
  //#for c COLS
  let col_${c} = min(col + ${c}u, d4 - 1u);
  var sum_${c} = vec4f();
  //#end
  for (var n = 0u; n < params.positions; n++) {
    if (tokens[n] == id) {
      //#for c COLS
      sum_${c} += dy[n * d4 + col_${c}];
      //#end
    }
  }
  //#for c COLS
  if (col + ${c}u < d4) { dweight[u32(id) * d4 + col + ${c}u] = sum_${c}; }
  //#end
}
