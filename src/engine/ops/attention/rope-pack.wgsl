// Rotates query and key (half-split, protocol 6.3), scales the query by 1 / sqrt(headDim) and lays query, key and
// value out as [rows, heads, sequence, 4 * VECS], head dims padded with zeros. A thread owns two values of each.
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
  let source = (n * params.heads + head) * params.head_dim + i;
  let angle = ((row % params.table_rows) * params.sequence + position) * half + i;
  let c = cosine[angle];
  let s = sine[angle];
  let q1 = query[source] * params.scale;
  let q2 = query[source + half] * params.scale;
  q[to + i] = q1 * c - q2 * s;
  q[to + i + half] = q2 * c + q1 * s;
  let k1 = key[source];
  let k2 = key[source + half];
  k[to + i] = k1 * c - k2 * s;
  k[to + i + half] = k2 * c + k1 * s;
  v[to + i] = value[source];
  v[to + i + half] = value[source + half];
}
