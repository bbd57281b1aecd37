// y[m, n] = x[m, k] . w (+ bias), w in `parts` blocks [k, n / parts]. A thread owns ROWS rows and COLS vec4 columns in
// registers and takes STEPS vec4 of k a turn: 1, or with QUADS 4, each loaded by one thread of the quad.
fn work(thread: u32, group: u32, quad: u32) {
  let k4 = params.k / 4u;
  let n4 = params.n / 4u;
  let part = n4 / params.parts;
  let tiles = tiles_across(n4);
  let row = (thread / tiles) * ROWS;
  let col = (thread % tiles) * COLS;
  //#for c COLS
  let col_${c} = min(col + ${c}u, n4 - 1u);
  var w_${c} = (col_${c} / part) * params.k * part + col_${c} % part;
  //#if bias
  let bias_${c} = bias[col_${c}];
  //#end
  //#end
  //#for r ROWS
  let x_${r} = min(row + ${r}u, params.m - 1u) * k4;
  //#for c COLS
  //#if bias
  var y_${r}_${c} = bias_${c};
  //#end
  //#ifnot bias
  var y_${r}_${c} = vec4f();
  //#end
  //#end
  //#end
  for (var k = 0u; k < k4; k += STEPS) {
    //#if QUADS
    //#for r ROWS
    let q_${r} = x[x_${r} + min(k + quad, k4 - 1u)];
    //#end
    //#end
    //#for s STEPS
    //#ifnot QUADS
    {
      //#for r ROWS
      let a_${r} = x[x_${r} + k];
      //#end
    //#end
    //#if QUADS
    if (k + ${s}u < k4) {
      //#for r ROWS
      let a_${r} = quadBroadcast(q_${r}, ${s}u);
      //#end
    //#end
      //#for c COLS
      //#for i 4
      let b_${i}_${c} = w[w_${c} + ${i}u * part];
      //#end
      //#for r ROWS
      y_${r}_${c} += a_${r}.x * b_0_${c} + a_${r}.y * b_1_${c} + a_${r}.z * b_2_${c} + a_${r}.w * b_3_${c};
      //#end
      w_${c} += 4u * part;
      //#end
    }
    //#end
  }
  // One copy of the epilogue, whatever the tile: compiling it for each output takes longer than running it.
  var tile: array<vec4f, ROWS * COLS>;
  //#for r ROWS
  //#for c COLS
  tile[${r}u * COLS + ${c}u] = y_${r}_${c};
  //#end
  //#end
  for (var t = 0u; t < ROWS * COLS; t++) {
    let at_row = row + t / COLS;
    let at_col = col + t % COLS;
    if (at_row < params.m && at_col < n4) { finish(at_row * n4 + at_col, tile[t]); }
  }
}
