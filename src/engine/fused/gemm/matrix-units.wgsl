// Pieces of gemm-matrix.wgsl as the experimental subgroup matrices of WGSL. Subgroups are taken to be neighbours in the
// order of local indices; the tuner never chooses a variant on a device that orders them differently.
alias Left = subgroup_matrix_left<Scalar, UK, UM>;
alias Right = subgroup_matrix_right<Scalar, UN, UK>;
alias Result = subgroup_matrix_result<f32, UN, UM>;

fn run(group: u32, local: u32, lane: u32, lanes: u32) {
  work(group, local, subgroupBroadcastFirst(local / lanes));
}

fn left_at(at: u32) -> Left {
  return subgroupMatrixLoad<Left, col_major>(&tile_a, at, A_LINE);
}

fn right_at(at: u32) -> Right {
  return subgroupMatrixLoad<Right, row_major>(&tile_b, at, B_LINE);
}

fn multiply_add(left: Left, right: Right, sum: Result) -> Result {
  return subgroupMatrixMultiplyAccumulate(left, right, sum);
}

fn spill(at: u32, value: Result) {
  subgroupMatrixStore<row_major>(&strips, at, value, STRIP_LINE);
}
