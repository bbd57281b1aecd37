// Threads of a workgroup as COLS columns (fastest) of WORKGROUP / COLS lanes, both powers of two: the sum over the lanes
// of a column, for all of its threads, by a tree of fixed order.
var<workgroup> column_values: array<vec4f, WORKGROUP>;

fn column_sum(local: u32, value: vec4f) -> vec4f {
  workgroupBarrier();
  column_values[local] = value;
  for (var half = WORKGROUP / 2u; half >= COLS; half /= 2u) {
    workgroupBarrier();
    if (local < half) { column_values[local] += column_values[local + half]; }
  }
  workgroupBarrier();
  return column_values[local % COLS];
}
