// dx[m, k] = dy[m, n] . w^T, w in `parts` blocks [k, n / parts]. A thread owns ROWS rows and COLS vec4 columns of dx and
// takes STEPS vec4 of n a turn: 1, or with QUADS 4, each loaded by one thread of the quad.
fn work(thread: u32, group: u32, quad: u32) {
  let k4 = params.k / 4u;
  let n4 = params.n / 4u;
  let part = n4 / params.parts;
  let tiles = tiles_across(k4);
  let row = (thread / tiles) * ROWS;
  let col = (thread % tiles) * COLS;
  //#for r ROWS
  var dy_${r} = min(row + ${r}u, params.m - 1u) * n4;
  //#for c COLS
  var dx_${r}_${c} = vec4f();
  //#end
  //#end
  for (var block = 0u; block < params.parts; block++) {
    //#for c COLS
    let w_${c} = (block * params.k + min(col + ${c}u, k4 - 1u) * 4u) * part;
    //#end
    for (var n = 0u; n < part; n += STEPS) {
      //#if QUADS
      //#for r ROWS
      let q_${r} = dy[dy_${r} + min(n + quad, part - 1u)];
      //#end
      //#end
      //#for s STEPS
      //#ifnot QUADS
      {
        //#for r ROWS
        let g_${r} = dy[dy_${r} + n];
        //#end
      //#end
      //#if QUADS
      if (n + ${s}u < part) {
        //#for r ROWS
        let g_${r} = quadBroadcast(q_${r}, ${s}u);
        //#end
      //#end
        //#for c COLS
        //#for i 4
        let b_${i}_${c} = w[w_${c} + ${i}u * part + n + ${s}u];
        //#end
        //#for r ROWS
        dx_${r}_${c} += vec4f(dot(g_${r}, b_0_${c}), dot(g_${r}, b_1_${c}), dot(g_${r}, b_2_${c}), dot(g_${r}, b_3_${c}));
        //#end
        //#end
      }
      //#end
    }
    //#for r ROWS
    dy_${r} += part;
    //#end
  }
  // One copy of the epilogue, whatever the tile: compiling it for each output takes longer than running it.
  var tile: array<vec4f, ROWS * COLS>;
  //#for r ROWS
  //#for c COLS
  tile[${r}u * COLS + ${c}u] = dx_${r}_${c};
  //#end
  //#end
  for (var t = 0u; t < ROWS * COLS; t++) {
    let at_row = row + t / COLS;
    let at_col = col + t % COLS;
    if (at_row < params.m && at_col < k4) { finish(at_row * k4 + at_col, tile[t]); }
  }
}
