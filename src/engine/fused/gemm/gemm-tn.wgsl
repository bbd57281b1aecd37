// dw = x[m, k]^T . dy[m, n] in PARTS blocks [k, n / PARTS] and db[n] = column sums of dy. A thread owns LINES vec4 of k
// and COLS vec4 of n. Rows in one chunk are added to dw and db at once; otherwise each chunk is written to
// partial[chunk, k + 1, n], the last line being db, and gemm-tn-sum.wgsl adds the chunks in order.
fn put(chunk: u32, line: u32, col: u32, value: vec4f) {
  let n4 = params.n / 4u;
  //#if partial
  partial[(chunk * (params.k + 1u) + line) * n4 + col] = value;
  //#end
  //#ifnot partial
  let width = n4 / PARTS;
  if (line == params.k) {
    db[col] = select(value, value + db[col], params.accumulate == 1u);
  } else {
    let at = ((col / width) * params.k + line) * width + col % width;
    dw[at] = select(value, value + dw[at], params.accumulate == 1u);
  }
  //#end
}

fn run(thread: u32) {
  let k4 = params.k / 4u;
  let n4 = params.n / 4u;
  let line_tiles = (k4 + LINES - 1u) / LINES;
  let col_tiles = (n4 + COLS - 1u) / COLS;
  let chunk = thread / (line_tiles * col_tiles);
  let line = ((thread / col_tiles) % line_tiles) * LINES;
  let col = (thread % col_tiles) * COLS;
  //#for l LINES
  let line_${l} = min(line + ${l}u, k4 - 1u);
  //#for c COLS
  //#for i 4
  var w_${l}_${i}_${c} = vec4f();
  //#end
  //#end
  //#end
  //#for c COLS
  let col_${c} = min(col + ${c}u, n4 - 1u);
  var b_${c} = vec4f();
  //#end
  let last = min((chunk + 1u) * params.chunk, params.m);
  // Two rows at a time, so that a sum goes through its register once for two products.
  for (var row = chunk * params.chunk; row < last; row += 2u) {
    let second = min(row + 1u, last - 1u);
    let there = select(0.0, 1.0, row + 1u < last);
    //#for l LINES
    let a_${l} = x[row * k4 + line_${l}];
    let c_${l} = x[second * k4 + line_${l}];
    //#end
    //#for c COLS
    let g_${c} = dy[row * n4 + col_${c}];
    let h_${c} = there * dy[second * n4 + col_${c}];
    b_${c} += g_${c} + h_${c};
    //#for l LINES
    //#for i 4
    w_${l}_${i}_${c} = w_${l}_${i}_${c} + a_${l}[${i}] * g_${c} + c_${l}[${i}] * h_${c};
    //#end
    //#end
    //#end
  }
  var tile: array<vec4f, LINES * 4u * COLS>;
  var bias: array<vec4f, COLS>;
  //#for c COLS
  bias[${c}] = b_${c};
  //#for l LINES
  //#for i 4
  tile[(${l}u * 4u + ${i}u) * COLS + ${c}u] = w_${l}_${i}_${c};
  //#end
  //#end
  //#end
  for (var t = 0u; t < LINES * 4u * COLS; t++) {
    let at_line = 4u * line + t / COLS;
    let at_col = col + t % COLS;
    if (at_line < params.k && at_col < n4) { put(chunk, at_line, at_col, tile[t]); }
  }
  if (line == 0u) {
    for (var c = 0u; c < min(COLS, n4 - col); c++) { put(chunk, params.k, col + c, bias[c]); }
  }
}
