// dhidden[n, d] += scale * (student[d] - teacher[d]). Four columns a thread.
fn run(thread: u32) {
  let col = thread % (params.dim / 4u);
  dhidden[thread] += params.scale * (student[col] - teacher[col]);
}
