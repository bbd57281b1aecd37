// Blocks of 4 x 4 for gemm-shared.wgsl: dx[m, k] = dy[m, n] . w^T, w in PARTS blocks [k, n / PARTS].
fn height() -> u32 { return params.m; }
fn width() -> u32 { return params.k / 4u; }
fn depth() -> u32 { return params.n / 4u; }

/** dy at rows 4 * block .. + 3 and the four of n at 4 * step, by n. */
fn load_a(step: u32, block: u32, last: u32) -> mat4x4f {
  let stride = params.n / 4u;
  let row = 4u * block;
  let end = params.m - 1u;
  return transpose(mat4x4f(
    dy[min(row, end) * stride + step], dy[min(row + 1u, end) * stride + step],
    dy[min(row + 2u, end) * stride + step], dy[min(row + 3u, end) * stride + step],
  ));
}

/** w at the four of n at 4 * step and lines 4 * block .. + 3, by n. */
fn load_b(step: u32, block: u32, last: u32) -> mat4x4f {
  let part = params.n / 4u / PARTS;
  let line = 4u * min(block, params.k / 4u - 1u);
  // Folds away in one part: a division costs more than the rest of the address.
  let block_of_w = select(0u, step / part, PARTS > 1u);
  let at = (block_of_w * params.k + line) * part + (step - block_of_w * part);
  return transpose(mat4x4f(w[at], w[at + part], w[at + 2u * part], w[at + 3u * part]));
}
