// Gradients of query, key and value from the packed layout: the inverse of rope-pack.wgsl and its scale.
fn run(thread: u32) {
  let half = params.head_dim / 2u;
  let i = thread % half;
  let head = (thread / half) % params.heads;
  let n = thread / (half * params.heads);
  let row = n / params.sequence;
  let position = n % params.sequence;
  let source = ((row * params.heads + head) * params.sequence + position) * 4u * VECS + i;
  let to = (n * params.heads + head) * params.head_dim + i;
  let angle = ((row % params.table_rows) * params.sequence + position) * half + i;
  let c = cosine[angle];
  let s = sine[angle];
  let q1 = dq[source] * params.scale;
  let q2 = dq[source + half] * params.scale;
  dquery[to] = q1 * c + q2 * s;
  dquery[to + half] = q2 * c - q1 * s;
  let k1 = dk[source];
  let k2 = dk[source + half];
  dkey[to] = k1 * c + k2 * s;
  dkey[to + half] = k2 * c - k1 * s;
  dvalue[to] = dv[source];
  dvalue[to + half] = dv[source + half];
}
