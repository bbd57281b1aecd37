// Blocks of 4 x 4 for gemm-shared.wgsl: y[m, n] = x[m, k] . w, w in PARTS blocks [k, n / PARTS].
fn height() -> u32 { return params.m; }
fn width() -> u32 { return params.n / 4u; }
fn depth() -> u32 { return params.k / 4u; }

/** x at rows 4 * block .. + 3 and the four of k at 4 * step, by k. */
fn load_a(step: u32, block: u32, last: u32) -> mat4x4f {
  let stride = params.k / 4u;
  let row = 4u * block;
  let end = params.m - 1u;
  return transpose(mat4x4f(
    x[min(row, end) * stride + step], x[min(row + 1u, end) * stride + step],
    x[min(row + 2u, end) * stride + step], x[min(row + 3u, end) * stride + step],
  ));
}

/** w at the four of k at 4 * step and columns 4 * block .. + 3, by k. */
fn load_b(step: u32, block: u32, last: u32) -> mat4x4f {
  let part = params.n / 4u / PARTS;
  let col = min(block, params.n / 4u - 1u);
  // Folds away in one part: a division costs more than the rest of the address.
  let block_of_w = select(0u, col / part, PARTS > 1u);
  let at = (block_of_w * params.k + 4u * step) * part + (col - block_of_w * part);
  return mat4x4f(w[at], w[at + part], w[at + 2u * part], w[at + 3u * part]);
}
