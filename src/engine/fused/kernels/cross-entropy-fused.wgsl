// losses[n] = -log softmax(logits[n])[target], 0 where the target is PAD; with GRADIENT the logits become
// scale * (softmax - one_hot(target)), 0 in the same rows. One thread a row.
fn run(row: u32) {
  let v4 = params.vocab / 4u;
  let base = row * v4;
  var tops = logits[base];
  for (var i = 1u; i < v4; i++) { tops = max(tops, logits[base + i]); }
  let top = max(max(tops.x, tops.y), max(tops.z, tops.w));
  var sums = vec4f();
  for (var i = 0u; i < v4; i++) { sums += exp(logits[base + i] - top); }
  let lse = top + precise_log((sums.x + sums.y) + (sums.z + sums.w));
  let target_id = u32(targets[row]);
  losses[row] = select(lse - logits[base + target_id / 4u][target_id % 4u], 0.0, target_id == PAD);
  //#if GRADIENT
  let factor = select(params.scale, 0.0, target_id == PAD);
  for (var i = 0u; i < v4; i++) { logits[base + i] = factor * exp(logits[base + i] - lse); }
  logits[base + target_id / 4u][target_id % 4u] -= factor;
  //#end
}
