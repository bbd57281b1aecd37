// losses[n] = -log softmax(logits[n])[target], 0 where the target is PAD; lse[n] = log sum exp. One thread a row.
fn run(row: u32) {
  let v4 = params.vocab / 4u;
  let base = row * v4;
  var tops = logits[base];
  for (var i = 1u; i < v4; i++) { tops = max(tops, logits[base + i]); }
  let top = max(max(tops.x, tops.y), max(tops.z, tops.w));
  var sums = vec4f();
  for (var i = 0u; i < v4; i++) { sums += exp(logits[base + i] - top); }
  let log_sum = top + precise_log((sums.x + sums.y) + (sums.z + sums.w));
  let target_id = u32(targets[row]);
  lse[row] = log_sum;
  losses[row] = select(log_sum - logits[base + target_id / 4u][target_id % 4u], 0.0, target_id == PAD);
}
