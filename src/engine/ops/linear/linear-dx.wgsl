// dx[m, k] = dy[m, n] . w[k, n]^T. A thread owns ROWS rows and COLS vec4 columns of dx.
fn run(thread: u32) {
  let k4 = params.k / 4u;
  let n4 = params.n / 4u;
  let tiles = (k4 + COLS - 1u) / COLS;
  let row = (thread / tiles) * ROWS;
  let col = (thread % tiles) * COLS;
  //#for r ROWS
  let dy_${r} = min(row + ${r}u, params.m - 1u) * n4;
  //#for c COLS
  var dx_${r}_${c} = vec4f();
  //#end
  //#end
  //#for c COLS
  let w_${c} = min(col + ${c}u, k4 - 1u) * 4u * n4;
  //#end
  for (var n = 0u; n < n4; n++) {
    //#for r ROWS
    let g_${r} = dy[dy_${r} + n];
    //#end
    //#for c COLS
    //#for i 4
    let b_${i}_${c} = w[w_${c} + ${i}u * n4 + n];
    //#end
    //#for r ROWS
    dx_${r}_${c} += vec4f(dot(g_${r}, b_0_${c}), dot(g_${r}, b_1_${c}), dot(g_${r}, b_2_${c}), dot(g_${r}, b_3_${c}));
    //#end
    //#end
  }
  //#for r ROWS
  //#for c COLS
  if (row + ${r}u < params.m && col + ${c}u < k4) { dx[(row + ${r}u) * k4 + col + ${c}u] = dx_${r}_${c}; }
  //#end
  //#end
}
