// Inverted dropout: 0 where a value is dropped, 1 / (1 - rate) where it is kept, for the four values of a block.
fn keep4(block: u32, row: u32) -> vec4f {
  let words = philox(block, row, params.micro_batch, params.place, params.seed, params.step);
  return select(vec4f(), vec4f(params.keep_scale), words >= vec4u(params.threshold));
}
