// kl-divergence.wgsl with a workgroup a row.
fn run(row: u32, local: u32) {
  let v4 = params.vocab / 4u;
  let base = row * v4;
  let heat = params.inverse_temperature;
  var s_tops = vec4f(-3.4e38);
  var t_tops = vec4f(-3.4e38);
  for (var i = local; i < v4; i += WORKGROUP) {
    s_tops = max(s_tops, student[base + i]);
    t_tops = max(t_tops, teacher[base + i]);
  }
  let tops = group_max(local, vec2f(max(max(s_tops.x, s_tops.y), max(s_tops.z, s_tops.w)), max(max(t_tops.x, t_tops.y), max(t_tops.z, t_tops.w))));
  var s_sums = vec4f();
  var t_sums = vec4f();
  for (var i = local; i < v4; i += WORKGROUP) {
    s_sums += exp((student[base + i] - tops.x) * heat);
    t_sums += exp((teacher[base + i] - tops.y) * heat);
  }
  let sums = group_sum(local, vec2f(sum4(s_sums), sum4(t_sums)));
  let s_log = precise_log(sums.x);
  let t_log = precise_log(sums.y);
  var counts = 1.0;
  //#if targets
  counts = select(1.0, 0.0, u32(targets[row]) == PAD);
  //#end
  var loss = vec4f();
  for (var i = local; i < v4; i += WORKGROUP) {
    let log_p = (student[base + i] - tops.x) * heat - s_log;
    let log_q = (teacher[base + i] - tops.y) * heat - t_log;
    let q = exp(log_q);
    loss += q * (log_q - log_p);
    student[base + i] = counts * params.scale * heat * (exp(log_p) - q);
  }
  let total = group_sum(local, vec2f(sum4(loss), 0.0)).x;
  if (local == 0u) { losses[row] = counts * total; }
}
