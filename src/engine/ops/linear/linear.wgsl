// y[m, n] = x[m, k] . w[k, n] + bias[n]. A thread owns ROWS rows and COLS vec4 columns, all in registers.
fn run(thread: u32) {
  let k4 = params.k / 4u;
  let n4 = params.n / 4u;
  let tiles = (n4 + COLS - 1u) / COLS;
  let row = (thread / tiles) * ROWS;
  let col = (thread % tiles) * COLS;
  //#for c COLS
  let col_${c} = min(col + ${c}u, n4 - 1u);
  //#end
  //#for r ROWS
  let x_${r} = min(row + ${r}u, params.m - 1u) * k4;
  //#for c COLS
  //#if bias
  var y_${r}_${c} = bias[col_${c}];
  //#end
  //#ifnot bias
  var y_${r}_${c} = vec4f();
  //#end
  //#end
  //#end
  for (var k = 0u; k < k4; k++) {
    //#for r ROWS
    let a_${r} = x[x_${r} + k];
    //#end
    let line = k * 4u * n4;
    //#for i 4
    //#for c COLS
    let w_${i}_${c} = w[line + ${i}u * n4 + col_${c}];
    //#for r ROWS
    y_${r}_${c} += a_${r}[${i}] * w_${i}_${c};
    //#end
    //#end
    //#end
  }
  //#for r ROWS
  //#for c COLS
  if (row + ${r}u < params.m && col + ${c}u < n4) { y[(row + ${r}u) * n4 + col + ${c}u] = y_${r}_${c}; }
  //#end
  //#end
}
