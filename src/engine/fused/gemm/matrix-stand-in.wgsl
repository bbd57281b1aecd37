// Pieces of gemm-matrix.wgsl in plain WGSL, with the same offsets and strides: what tests run where a device has no matrix
// units. LANES threads in a row are a subgroup; operands stay in their tile, and each thread keeps outputs of its own.
alias Left = u32;
alias Right = u32;
alias Result = array<f32, UM * UN / LANES>;
var<private> lane: u32;

fn run(group: u32, local: u32) {
  lane = local % LANES;
  work(group, local, local / LANES);
}

fn left_at(at: u32) -> Left {
  return at;
}

fn right_at(at: u32) -> Right {
  return at;
}

fn multiply_add(left: Left, right: Right, sum: Result) -> Result {
  var added = sum;
  for (var i = 0u; i < UM * UN / LANES; i++) {
    let at = lane + i * LANES;
    for (var k = 0u; k < UK; k++) {
      added[i] += f32(tile_a[left + k * A_LINE + at / UN]) * f32(tile_b[right + k * B_LINE + at % UN]);
    }
  }
  return added;
}

fn spill(at: u32, value: Result) {
  var values = value;
  for (var i = 0u; i < UM * UN / LANES; i++) {
    let place = lane + i * LANES;
    strips[at + place / UN * STRIP_LINE + place % UN] = values[i];
  }
}
