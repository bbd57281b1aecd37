// Blocks of 4 x 4 for gemm-shared.wgsl: dw[k, n] = x[m, k]^T . dy[m, n] over the rows below `last`.
fn height() -> u32 { return params.k; }
fn width() -> u32 { return params.n / 4u; }

/** 1 for a row below `last`, 0 for one that only stands in. */
fn kept(row: u32, last: u32) -> f32 { return select(0.0, 1.0, row < last); }

/** x at rows 4 * step .. + 3, zero from `last` on, and the four of k at 4 * block, by row. */
fn load_a(step: u32, block: u32, last: u32) -> mat4x4f {
  let stride = params.k / 4u;
  let row = 4u * step;
  let end = last - 1u;
  let at = min(block, stride - 1u);
  return mat4x4f(
    x[row * stride + at],
    kept(row + 1u, last) * x[min(row + 1u, end) * stride + at],
    kept(row + 2u, last) * x[min(row + 2u, end) * stride + at],
    kept(row + 3u, last) * x[min(row + 3u, end) * stride + at],
  );
}

/** dy at rows 4 * step .. + 3, zero from `last` on, and columns 4 * block .. + 3, by row. */
fn load_b(step: u32, block: u32, last: u32) -> mat4x4f {
  let stride = params.n / 4u;
  let row = 4u * step;
  let end = last - 1u;
  let at = min(block, stride - 1u);
  return mat4x4f(
    dy[row * stride + at],
    kept(row + 1u, last) * dy[min(row + 1u, end) * stride + at],
    kept(row + 2u, last) * dy[min(row + 2u, end) * stride + at],
    kept(row + 3u, last) * dy[min(row + 3u, end) * stride + at],
  );
}
