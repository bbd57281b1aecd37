// From qkv [rows * sequence, 3, heads, headDim]: rotates query and key (half-split, protocol 6.3), scales the query by
// 1 / sqrt(headDim) and lays all three out as [rows, heads, sequence, 4 * VECS], padded with zeros. Two values a thread.
fn run(thread: u32) {
  let half = params.head_dim / 2u;
  let padded = 2u * VECS;
  let i = thread % padded;
  let head = (thread / padded) % params.heads;
  let n = thread / (padded * params.heads);
  let row = n / params.sequence;
  let position = n % params.sequence;
  let to = ((row * params.heads + head) * params.sequence + position) * 4u * VECS;
  if (i >= half) {
    for (var pad = 0u; pad < 2u; pad++) {
      let at = to + 2u * i + pad;
      q[at] = 0.0;
      k[at] = 0.0;
      v[at] = 0.0;
    }
    return;
  }
  let dim = params.heads * params.head_dim;
  let source = n * 3u * dim + head * params.head_dim + i;
  let angle = ((row % params.table_rows) * params.sequence + position) * half + i;
  let c = cosine[angle];
  let s = sine[angle];
  let q1 = qkv[source] * params.scale;
  let q2 = qkv[source + half] * params.scale;
  q[to + i] = q1 * c - q2 * s;
  q[to + i + half] = q2 * c + q1 * s;
  let k1 = qkv[source + dim];
  let k2 = qkv[source + dim + half];
  k[to + i] = k1 * c - k2 * s;
  k[to + i + half] = k2 * c + k1 * s;
  v[to + i] = qkv[source + 2u * dim];
  v[to + i + half] = qkv[source + 2u * dim + half];
}
