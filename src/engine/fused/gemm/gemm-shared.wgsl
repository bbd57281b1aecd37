// A matrix product by tiles in workgroup memory. A workgroup computes BM x BN outputs, DEPTH of the summed dimension at a
// time; load_a and load_b bring blocks of 4 x 4, lying by the summed dimension, so one source serves all kinds. A thread
// owns ROWS * 4 rows and COLS vec4 columns, not neighbours but TY and TX apart, so that neighbouring threads read and
// store neighbouring addresses. With AHEAD the next blocks are loaded into registers while the present ones are used.
const TX = BN / 4u / COLS;
const TY = BM / 4u / ROWS;
// One more vec4 a line, where there is room, keeps transposed stores of neighbours out of each other's banks.
const A_LINE = BM / 4u + PAD;
const B_LINE = BN / 4u + PAD;

//#if HALF
alias Stored = vec4h;
//#end
//#ifnot HALF
alias Stored = vec4f;
//#end
var<workgroup> tile_a: array<Stored, DEPTH * A_LINE>;
var<workgroup> tile_b: array<Stored, DEPTH * B_LINE>;

fn store(block: u32, value: mat4x4f) {
  if (block < A_BLOCKS) {
    let place = a_place(block);
    let at = 4u * place.x * A_LINE + place.y;
    //#for i 4
    tile_a[at + ${i}u * A_LINE] = Stored(A_SCALE * value[${i}]);
    //#end
  } else if (block < A_BLOCKS + B_BLOCKS) {
    let place = b_place(block - A_BLOCKS);
    let at = 4u * place.x * B_LINE + place.y;
    //#for i 4
    tile_b[at + ${i}u * B_LINE] = Stored(B_SCALE * value[${i}]);
    //#end
  }
}

fn run(group: u32, local: u32) {
  let width = width();
  let part = part_of(group);
  let tx = local % TX;
  let ty = local / TX;
  //#for c COLS
  let col_${c} = part.col + tx + ${c}u * TX;
  //#if TN
  var bias_${c} = vec4f();
  //#end
  //#end
  //#for r ROWS
  //#for i 4
  //#for c COLS
  //#if bias
  var y_${r}_${i}_${c} = bias[min(col_${c}, width - 1u)];
  //#end
  //#ifnot bias
  var y_${r}_${i}_${c} = vec4f();
  //#end
  //#end
  //#end
  //#end
  //#if AHEAD
  //#for l LOADS
  var next_${l} = fetch(local + ${l}u * WORKGROUP, part.step, part);
  //#end
  //#end
  for (var step = part.step; step < part.end; step += DEPTH / 4u) {
    //#for l LOADS
    //#if AHEAD
    store(local + ${l}u * WORKGROUP, next_${l});
    //#end
    //#ifnot AHEAD
    store(local + ${l}u * WORKGROUP, fetch(local + ${l}u * WORKGROUP, step, part));
    //#end
    //#end
    workgroupBarrier();
    //#if AHEAD
    //#for l LOADS
    next_${l} = fetch(local + ${l}u * WORKGROUP, step + DEPTH / 4u, part);
    //#end
    //#end
    for (var k = 0u; k < DEPTH; k++) {
      //#for r ROWS
      let a_${r} = vec4f(tile_a[k * A_LINE + ty + ${r}u * TY]);
      //#end
      //#for c COLS
      let b_${c} = vec4f(tile_b[k * B_LINE + tx + ${c}u * TX]);
      //#for r ROWS
      //#for i 4
      y_${r}_${i}_${c} += a_${r}[${i}] * b_${c};
      //#end
      //#end
      //#end
    }
    //#if TN
    if (part.row == 0u && ty == 0u) {
      for (var k = 0u; k < DEPTH; k++) {
        //#for c COLS
        bias_${c} += vec4f(tile_b[k * B_LINE + tx + ${c}u * TX]);
        //#end
      }
    }
    //#end
    workgroupBarrier();
  }
  // One copy of the epilogue, whatever the tile: compiling it for each output takes longer than running it.
  var outputs: array<vec4f, ROWS * 4u * COLS>;
  //#for r ROWS
  //#for i 4
  //#for c COLS
  outputs[(${r}u * 4u + ${i}u) * COLS + ${c}u] = OUT_SCALE * y_${r}_${i}_${c};
  //#end
  //#end
  //#end
  for (var t = 0u; t < ROWS * 4u * COLS; t++) {
    let at_row = 4u * (part.row + ty + t / (4u * COLS) * TY) + t / COLS % 4u;
    let at_col = part.col + tx + t % COLS * TX;
    if (at_row < height() && at_col < width) {
      //#if TN
      put(part.chunk, at_row, at_col, outputs[t]);
      //#end
      //#ifnot TN
      finish(at_row * width + at_col, outputs[t]);
      //#end
    }
  }
  //#if TN
  if (part.row == 0u && ty == 0u) {
    //#for c COLS
    if (col_${c} < width) { put(part.chunk, params.k, col_${c}, OUT_SCALE * bias_${c}); }
    //#end
  }
  //#end
}
