// scale[0] = min(1, clip / norm) for the global norm whose square is squares[index].
fn run(thread: u32) {
  let norm = sqrt(squares[params.index]);
  scale[thread] = select(1.0, params.clip / norm, norm > params.clip);
}
