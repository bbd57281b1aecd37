// attention-rows.wgsl with eight threads a query.
var<workgroup> row_parts: array<f32, WORKGROUP>;

fn run(group: u32, local: u32) {
  let inside = group * WORKGROUP + local < params.threads;
  let query = min(group * WORKGROUP + local, params.threads - 1u) / 8u;
  let lane = local % 8u;
  let position = query % params.sequence;
  let head = (query / params.sequence) % params.heads;
  let row = query / (params.sequence * params.heads);
  let source = ((row * params.sequence + position) * params.heads + head) * params.head_dim;
  var part = 0.0;
  for (var i = lane; i < 4u * VECS; i += 8u) {
    let at = source + min(i, params.head_dim - 1u);
    let g = select(0.0, dy[at], i < params.head_dim);
    part += g * y[at];
    if (inside) { packed[query * 4u * VECS + i] = g; }
  }
  row_parts[local] = part;
  workgroupBarrier();
  if (lane == 0u && inside) {
    var total = 0.0;
    for (var i = 0u; i < 8u; i++) { total += row_parts[local + i]; }
    stats[query] = vec2f(lse[query], total);
  }
}
