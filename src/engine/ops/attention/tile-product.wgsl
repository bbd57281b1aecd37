// Products of 16 rows with 4 * LANES columns, both vectors of VECS vec4 out of packed heads, for 8 * LANES threads: thread
// (ty, tx) gets rows ty, ty + 8 and columns 4 tx .. 4 tx + 3. CHUNK vec4 of each vector are staged at a time. Kernels
// define left_m(at) and right_m(at), the vec4 at that place, for m = 0 .. PRODUCTS-1. Rows past the sequence repeat its
// last. The stride of the stages and the order of the columns (every fourth together) keep reads off each other's banks.
const STRIDE = CHUNK + 1u;
var<workgroup> left_stage: array<vec4f, 16u * STRIDE>;
var<workgroup> right_stage: array<vec4f, 4u * LANES * STRIDE>;

//#for m PRODUCTS
fn product_${m}(local: u32, base: u32, left_first: u32, right_first: u32) -> array<vec4f, 2> {
  let ty = local / LANES;
  let tx = local % LANES;
  let end = params.sequence - 1u;
  var sum_0 = vec4f();
  var sum_1 = vec4f();
  for (var chunk = 0u; chunk < VECS; chunk += CHUNK) {
    workgroupBarrier();
    for (var i = local; i < 16u * CHUNK; i += WORKGROUP) {
      let c = chunk + i % CHUNK;
      let at = (base + min(left_first + i / CHUNK, end)) * VECS + min(c, VECS - 1u);
      left_stage[(i / CHUNK) * STRIDE + i % CHUNK] = select(vec4f(), left_${m}(at), c < VECS);
    }
    for (var i = local; i < 4u * LANES * CHUNK; i += WORKGROUP) {
      let c = chunk + i % CHUNK;
      let row = i / CHUNK;
      let at = (base + min(right_first + row, end)) * VECS + min(c, VECS - 1u);
      right_stage[((row % 4u) * LANES + row / 4u) * STRIDE + i % CHUNK] = select(vec4f(), right_${m}(at), c < VECS);
    }
    workgroupBarrier();
    for (var c = 0u; c < CHUNK; c++) {
    let a_0 = left_stage[ty * STRIDE + c];
    let a_1 = left_stage[(ty + 8u) * STRIDE + c];
    let b_0 = right_stage[tx * STRIDE + c];
    let b_1 = right_stage[(tx + LANES) * STRIDE + c];
    let b_2 = right_stage[(tx + 2u * LANES) * STRIDE + c];
    let b_3 = right_stage[(tx + 3u * LANES) * STRIDE + c];
    sum_0 += vec4f(dot(a_0, b_0), dot(a_0, b_1), dot(a_0, b_2), dot(a_0, b_3));
    sum_1 += vec4f(dot(a_1, b_0), dot(a_1, b_1), dot(a_1, b_2), dot(a_1, b_3));
    }
  }
  return array<vec4f, 2>(sum_0, sum_1);
}
//#end
