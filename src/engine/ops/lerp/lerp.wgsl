// y = weight_a * a + weight_b * b with both products rounded before they are added. WGSL allows a product and a sum to be
// fused; passing the bits through an exclusive or with a zero that only the uniform knows leaves no product to fuse.
fn rounded(x: vec4f) -> vec4f { return bitcast<vec4f>(bitcast<vec4u>(x) ^ vec4u(params.zero)); }

fn run(thread: u32) {
  y[thread] = rounded(params.weight_a * a[thread]) + rounded(params.weight_b * b[thread]);
}
