// dw = x[m, k]^T . dy[m, n] in `parts` blocks [k, n / parts] and db[n] = column sums of dy. A thread owns LINES vec4 of k
// and COLS vec4 of n, and takes 2 * STEPS rows a turn; with QUADS four, each row of x loaded by one thread of the quad.
fn work(thread: u32, group: u32, quad: u32) {
  let k4 = params.k / 4u;
  let n4 = params.n / 4u;
  let line_tiles = (k4 + LINES - 1u) / LINES;
  let col_tiles = tiles_across(n4);
  //#ifnot QUADS
  let chunk = thread / (line_tiles * col_tiles);
  let place = thread;
  //#end
  //#if QUADS
  // A workgroup has one chunk, so that its threads make the same number of turns.
  let groups = (line_tiles * col_tiles + WORKGROUP - 1u) / WORKGROUP;
  let chunk = group / groups;
  let place = thread - chunk * groups * WORKGROUP;
  //#end
  //#ifnot QUADS
  let line = ((place / col_tiles) % line_tiles) * LINES;
  //#end
  //#if QUADS
  let line = (place / col_tiles) * LINES;
  //#end
  let col = (place % col_tiles) * COLS;
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
  for (var turn = chunk * params.chunk; turn < last; turn += 2u * STEPS) {
    //#if QUADS
    let own = min(turn + quad, last - 1u);
    //#for l LINES
    let q_${l} = x[own * k4 + line_${l}];
    //#end
    //#end
    // Two rows at a time, so that a sum goes through its register once for two products.
    //#for s STEPS
    //#ifnot QUADS
    {
      let row = turn;
    //#end
    //#if QUADS
    if (turn + 2u * ${s}u < last) {
      let row = turn + 2u * ${s}u;
    //#end
      let second = min(row + 1u, last - 1u);
      let there = select(0.0, 1.0, row + 1u < last);
      //#for l LINES
      //#ifnot QUADS
      let a_${l} = x[row * k4 + line_${l}];
      let c_${l} = x[second * k4 + line_${l}];
      //#end
      //#if QUADS
      let a_${l} = quadBroadcast(q_${l}, 2u * ${s}u);
      let c_${l} = quadBroadcast(q_${l}, 2u * ${s}u + 1u);
      //#end
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
    for (var c = 0u; c < COLS; c++) {
      if (col + c < n4) { put(chunk, params.k, col + c, bias[c]); }
    }
  }
}
