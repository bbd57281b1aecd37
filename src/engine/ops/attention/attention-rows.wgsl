// What the backward kernels need of each query: dy packed as [rows, heads, sequence, 4 * VECS] and
// stats = (lse, sum of y * dy), the second being the softmax gradient's row sum of p * dp. One thread a query.
fn run(thread: u32) {
  let position = thread % params.sequence;
  let head = (thread / params.sequence) % params.heads;
  let row = thread / (params.sequence * params.heads);
  let source = ((row * params.sequence + position) * params.heads + head) * params.head_dim;
  var total = 0.0;
  for (var i = 0u; i < 4u * VECS; i++) {
    let there = i < params.head_dim;
    let at = source + min(i, params.head_dim - 1u);
    let g = select(0.0, dy[at], there);
    total += g * y[at];
    packed[thread * 4u * VECS + i] = g;
  }
  stats[thread] = vec2f(lse[thread], total);
}
