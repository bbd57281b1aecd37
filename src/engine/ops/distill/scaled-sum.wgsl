// y[offset] = scale * sum of x, and what was there where `accumulate` is 1. One workgroup.
fn run(group: u32, local: u32) {
  var sum = 0.0;
  for (var i = local; i < params.size; i += WORKGROUP) { sum += x[i]; }
  let total = params.scale * group_sum(local, vec2f(sum, 0.0)).x;
  if (local == 0u) { y[params.offset] = select(total, total + y[params.offset], params.accumulate == 1u); }
}
