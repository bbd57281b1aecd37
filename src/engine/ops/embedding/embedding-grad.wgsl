// dweight[id, d] = sum of dy[n, d] over the positions n with tokens[n] == id, in the order of n. A thread owns one
// id and COLS vec4 columns and looks through all positions, four at a time: no atomics, no sorting, no barrier.
fn run(thread: u32) {
  let d4 = params.dim / 4u;
  let tiles = (d4 + COLS - 1u) / COLS;
  let id = i32(thread / tiles);
  let col = (thread % tiles) * COLS;
  //#for c COLS
  let col_${c} = min(col + ${c}u, d4 - 1u);
  var sum_${c} = vec4f();
  //#end
  var n = 0u;
  //#if blocks
  for (; n + 4u <= params.positions; n += 4u) {
    let found = blocks[n / 4u] == vec4i(id);
    if (any(found)) {
      for (var t = 0u; t < 4u; t++) {
        if (found[t]) {
          //#for c COLS
          sum_${c} += dy[(n + t) * d4 + col_${c}];
          //#end
        }
      }
    }
  }
  //#end
  for (; n < params.positions; n++) {
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
