// dqkv [rows * sequence, 3, heads, headDim] from the packed gradients: the inverse of qkv-pack.wgsl and its scale.
fn run(thread: u32) {
  let half = params.head_dim / 2u;
  let i = thread % half;
  let head = (thread / half) % params.heads;
  let n = thread / (half * params.heads);
  let row = n / params.sequence;
  let position = n % params.sequence;
  let dim = params.heads * params.head_dim;
  let source = ((row * params.heads + head) * params.sequence + position) * 4u * VECS + i;
  let to = n * 3u * dim + head * params.head_dim + i;
  let angle = ((row % params.table_rows) * params.sequence + position) * half + i;
  let c = cosine[angle];
  let s = sine[angle];
  let q1 = dq[source] * params.scale;
  let q2 = dq[source + half] * params.scale;
  dqkv[to] = q1 * c + q2 * s;
  dqkv[to + half] = q2 * c - q1 * s;
  let k1 = dk[source];
  let k2 = dk[source + half];
  dqkv[to + dim] = k1 * c + k2 * s;
  dqkv[to + dim + half] = k2 * c - k1 * s;
  dqkv[to + 2u * dim] = dv[source];
  dqkv[to + 2u * dim + half] = dv[source + half];
}
