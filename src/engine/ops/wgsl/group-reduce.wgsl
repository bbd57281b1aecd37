// Sum and maximum of a value of each thread over a workgroup of at least 16, for all of its threads. The order is fixed:
// 16 partial results of every sixteenth thread, then those; it does not depend on the subgroup size. Two barriers.
var<workgroup> reduce_values: array<vec2f, WORKGROUP>;
var<workgroup> reduce_parts: array<vec2f, 16>;

fn group_sum(local: u32, value: vec2f) -> vec2f {
  reduce_values[local] = value;
  workgroupBarrier();
  if (local < 16u) {
    var part = vec2f();
    for (var i = local; i < WORKGROUP; i += 16u) { part += reduce_values[i]; }
    reduce_parts[local] = part;
  }
  workgroupBarrier();
  var total = vec2f();
  for (var i = 0u; i < 16u; i++) { total += reduce_parts[i]; }
  return total;
}

fn group_max(local: u32, value: vec2f) -> vec2f {
  reduce_values[local] = value;
  workgroupBarrier();
  if (local < 16u) {
    var part = value;
    for (var i = local; i < WORKGROUP; i += 16u) { part = max(part, reduce_values[i]); }
    reduce_parts[local] = part;
  }
  workgroupBarrier();
  var top = reduce_parts[0];
  for (var i = 1u; i < 16u; i++) { top = max(top, reduce_parts[i]); }
  return top;
}

fn sum4(value: vec4f) -> f32 { return (value.x + value.y) + (value.z + value.w); }
