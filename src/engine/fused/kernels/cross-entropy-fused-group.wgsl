// cross-entropy-fused.wgsl with a workgroup a row. The target's logit comes from the thread that owns it, since others
// may already have been replaced.
fn run(row: u32, local: u32) {
  let v4 = params.vocab / 4u;
  let base = row * v4;
  let target_id = u32(targets[row]);
  var tops = vec4f(-3.4e38);
  for (var i = local; i < v4; i += WORKGROUP) { tops = max(tops, logits[base + i]); }
  let top = group_max(local, vec2f(max(max(tops.x, tops.y), max(tops.z, tops.w)))).x;
  var sums = vec4f();
  var at_target = 0.0;
  for (var i = local; i < v4; i += WORKGROUP) {
    let values = logits[base + i];
    sums += exp(values - top);
    if (i == target_id / 4u) { at_target = values[target_id % 4u]; }
  }
  let totals = group_sum(local, vec2f(sum4(sums), at_target));
  let lse = top + precise_log(totals.x);
  if (local == 0u) { losses[row] = select(lse - totals.y, 0.0, target_id == PAD); }
  //#if GRADIENT
  let factor = select(params.scale, 0.0, target_id == PAD);
  for (var i = local; i < v4; i += WORKGROUP) {
    var slope = factor * exp(logits[base + i] - lse);
    if (i == target_id / 4u) { slope[target_id % 4u] -= factor; }
    logits[base + i] = slope;
  }
  //#end
}
