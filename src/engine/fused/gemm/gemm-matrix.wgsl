// A matrix product by the matrix units of a device. A workgroup computes BM x BN outputs, DEPTH of the summed dimension
// at a time: all threads stage blocks in workgroup memory, and DOWN x ACROSS subgroups multiply ROWS x COLS pieces each, of
// UM x UN outputs and UK summed. What a piece is and how it is multiplied is said by matrix-units.wgsl or its stand-in.
const A_LINE = BM + PAD;
const B_LINE = BN + PAD;
const STRIP_LINE = COLS * UN;
const STRIP = UM * STRIP_LINE;
const STRIPS = DOWN * ACROSS * STRIP;

//#if HALF
alias Scalar = f16;
//#end
//#ifnot HALF
alias Scalar = f32;
//#end
/** Both operands by the summed dimension. */
var<workgroup> tile_a: array<Scalar, DEPTH * A_LINE>;
var<workgroup> tile_b: array<Scalar, DEPTH * B_LINE>;
/** One row of pieces of each subgroup, on its way to the epilogue. */
var<workgroup> strips: array<f32, STRIPS>;

fn stage(block: u32, value: mat4x4f) {
  if (block < A_BLOCKS) {
    let place = a_place(block);
    let at = 4u * (place.x * A_LINE + place.y);
    //#for i 4
    //#for j 4
    tile_a[at + ${i}u * A_LINE + ${j}u] = Scalar(A_SCALE * value[${i}][${j}]);
    //#end
    //#end
  } else if (block < A_BLOCKS + B_BLOCKS) {
    let place = b_place(block - A_BLOCKS);
    let at = 4u * (place.x * B_LINE + place.y);
    //#for i 4
    //#for j 4
    tile_b[at + ${i}u * B_LINE + ${j}u] = Scalar(B_SCALE * value[${i}][${j}]);
    //#end
    //#end
  }
}

fn work(group: u32, local: u32, subgroup: u32) {
  let part = part_of(group);
  // Where subgroups are smaller than LANES there are more of them: those repeat the last one's work, bit by bit.
  let owner = min(subgroup, DOWN * ACROSS - 1u);
  let row = owner / ACROSS * (BM / DOWN);
  let col = owner % ACROSS * (BN / ACROSS);
  //#for r ROWS
  //#for c COLS
  var y_${r}_${c}: Result;
  //#end
  //#end
  //#if TN
  var sums = vec4f();
  //#end
  for (var step = part.step; step < part.end; step += DEPTH / 4u) {
    //#for l LOADS
    stage(local + ${l}u * WORKGROUP, fetch(local + ${l}u * WORKGROUP, step, part));
    //#end
    workgroupBarrier();
    for (var k = 0u; k < DEPTH; k += UK) {
      //#for r ROWS
      let a_${r} = left_at(k * A_LINE + row + ${r}u * UM);
      //#end
      //#for c COLS
      let b_${c} = right_at(k * B_LINE + col + ${c}u * UN);
      //#for r ROWS
      y_${r}_${c} = multiply_add(a_${r}, b_${c}, y_${r}_${c});
      //#end
      //#end
    }
    //#if TN
    if (part.row == 0u && local < BN / 4u) {
      for (var k = 0u; k < DEPTH; k++) {
        let at = k * B_LINE + 4u * local;
        sums += vec4f(vec4<Scalar>(tile_b[at], tile_b[at + 1u], tile_b[at + 2u], tile_b[at + 3u]));
      }
    }
    //#end
    workgroupBarrier();
  }
  // One copy of the epilogue, whatever the tile: compiling it for each output takes longer than running it.
  for (var round = 0u; round < ROWS; round++) {
    //#for r ROWS
    if (round == ${r}u) {
      //#for c COLS
      spill(owner * STRIP + ${c}u * UN, y_${r}_${c});
      //#end
    }
    //#end
    workgroupBarrier();
    for (var t = 4u * local; t < STRIPS; t += 4u * WORKGROUP) {
      let piece = t / STRIP;
      let at_row = 4u * part.row + piece / ACROSS * (BM / DOWN) + round * UM + t % STRIP / STRIP_LINE;
      let at_col = part.col + (piece % ACROSS * (BN / ACROSS) + t % STRIP_LINE) / 4u;
      if (at_row < height() && at_col < width()) {
        let value = OUT_SCALE * vec4f(strips[t], strips[t + 1u], strips[t + 2u], strips[t + 3u]);
        //#if TN
        put(part.chunk, at_row, at_col, value);
        //#end
        //#ifnot TN
        //#if bias
        finish(at_row * width() + at_col, value + bias[at_col]);
        //#end
        //#ifnot bias
        finish(at_row * width() + at_col, value);
        //#end
        //#end
      }
    }
    workgroupBarrier();
  }
  //#if TN
  if (part.row == 0u && local < BN / 4u && part.col + local < width()) {
    put(part.chunk, params.k, part.col + local, OUT_SCALE * sums);
  }
  //#end
}
