// losses[n] = sum over v of q (log q - log p), q = softmax(teacher / T), p = softmax(student / T); the student's logits
// become scale * (p - q) / T. Where there are targets, rows whose target is PAD give 0. One thread a row.
fn run(row: u32) {
  let v4 = params.vocab / 4u;
  let base = row * v4;
  let heat = params.inverse_temperature;
  var s_tops = student[base];
  var t_tops = teacher[base];
  for (var i = 1u; i < v4; i++) {
    s_tops = max(s_tops, student[base + i]);
    t_tops = max(t_tops, teacher[base + i]);
  }
  let s_top = max(max(s_tops.x, s_tops.y), max(s_tops.z, s_tops.w));
  let t_top = max(max(t_tops.x, t_tops.y), max(t_tops.z, t_tops.w));
  var s_sums = vec4f();
  var t_sums = vec4f();
  for (var i = 0u; i < v4; i++) {
    s_sums += exp((student[base + i] - s_top) * heat);
    t_sums += exp((teacher[base + i] - t_top) * heat);
  }
  let s_log = precise_log((s_sums.x + s_sums.y) + (s_sums.z + s_sums.w));
  let t_log = precise_log((t_sums.x + t_sums.y) + (t_sums.z + t_sums.w));
  var counts = 1.0;
  //#if targets
  counts = select(1.0, 0.0, u32(targets[row]) == PAD);
  //#end
  var loss = vec4f();
  for (var i = 0u; i < v4; i++) {
    let log_p = (student[base + i] - s_top) * heat - s_log;
    let log_q = (teacher[base + i] - t_top) * heat - t_log;
    let q = exp(log_q);
    loss += q * (log_q - log_p);
    student[base + i] = counts * params.scale * heat * (exp(log_p) - q);
  }
  losses[row] = counts * ((loss.x + loss.y) + (loss.z + loss.w));
}
