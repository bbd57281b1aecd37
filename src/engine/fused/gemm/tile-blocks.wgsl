// Blocks of 4 x 4 that a workgroup brings into its memory, whatever computes with them: which part of a product it has,
// which block each of its threads loads (load_a and load_b by the kind of product), and how f16 tiles are scaled.
const A_BLOCKS = BM / 4u * (DEPTH / 4u);
const B_BLOCKS = BN / 4u * (DEPTH / 4u);

//#if HALF
// Gradients are small: as f16 they are kept times a power of two, which the outputs are divided by.
const A_SCALE = select(1.0, 1024.0, NT == 1u);
const B_SCALE = select(1.0, 1024.0, TN == 1u);
//#end
//#ifnot HALF
const A_SCALE = 1.0;
const B_SCALE = 1.0;
//#end
const OUT_SCALE = 1.0 / (A_SCALE * B_SCALE);

/** Which part of the product a workgroup computes: in vec4 the first row and column and the summed steps, and rows. */
struct Part {
  row: u32,
  col: u32,
  step: u32,
  end: u32,
  last: u32,
  chunk: u32,
}

/** Place of a block in a tile, along the summed dimension and across it; neighbours lie beside each other in memory. */
fn a_place(block: u32) -> vec2u {
  //#if TN
  return vec2u(block / (BM / 4u), block % (BM / 4u));
  //#end
  //#ifnot TN
  return vec2u(block % (DEPTH / 4u), block / (DEPTH / 4u));
  //#end
}

fn b_place(block: u32) -> vec2u {
  //#if NT
  return vec2u(block % (DEPTH / 4u), block / (DEPTH / 4u));
  //#end
  //#ifnot NT
  return vec2u(block / (BN / 4u), block % (BN / 4u));
  //#end
}

/** One of the blocks of both operands at a step from global memory; zero past the end of the summed dimension. */
fn fetch(block: u32, step: u32, part: Part) -> mat4x4f {
  if (block < A_BLOCKS) {
    let at = a_place(block);
    if (step + at.x >= part.end) { return mat4x4f(); }
    return load_a(step + at.x, part.row + at.y, part.last);
  }
  let at = b_place(block - A_BLOCKS);
  if (step + at.x >= part.end) { return mat4x4f(); }
  return load_b(step + at.x, part.col + at.y, part.last);
}

fn part_of(group: u32) -> Part {
  let tiles = (width() + BN / 4u - 1u) / (BN / 4u);
  //#if TN
  let all = tiles * ((height() + BM - 1u) / BM);
  let chunk = group / all;
  let tile = group % all;
  let last = min((chunk + 1u) * params.chunk, params.m);
  let step = chunk * params.chunk / 4u;
  return Part(tile / tiles * (BM / 4u), tile % tiles * (BN / 4u), step, (last + 3u) / 4u, last, chunk);
  //#end
  //#ifnot TN
  return Part(group / tiles * (BM / 4u), group % tiles * (BN / 4u), 0u, depth(), 0u, 0u);
  //#end
}
