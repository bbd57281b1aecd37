// dlogits = dy * scale * (softmax - one_hot(target)), 0 in rows whose target is PAD. Four columns a thread.
fn run(thread: u32) {
  let v4 = params.vocab / 4u;
  let row = thread / v4;
  let col = (thread % v4) * 4u;
  let target_id = u32(targets[row]);
  let one_hot = select(vec4f(), vec4f(1.0), vec4u(col, col + 1u, col + 2u, col + 3u) == vec4u(target_id));
  let factor = select(params.scale * dy[0], 0.0, target_id == PAD);
  dlogits[thread] = factor * (exp(logits[thread] - lse[row]) - one_hot);
}
