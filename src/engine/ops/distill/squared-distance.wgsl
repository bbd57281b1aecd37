// y[offset] = scale * sum of (a - b)^2, and what was there where `accumulate` is 1. One workgroup.
fn run(group: u32, local: u32) {
  var squares = vec4f();
  for (var i = local; i < params.size / 4u; i += WORKGROUP) {
    let difference = a[i] - b[i];
    squares += difference * difference;
  }
  let total = params.scale * group_sum(local, vec2f(sum4(squares), 0.0)).x;
  if (local == 0u) { y[params.offset] = select(total, total + y[params.offset], params.accumulate == 1u); }
}
