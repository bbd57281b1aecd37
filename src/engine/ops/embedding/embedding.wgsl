// y[n, d] = weight[tokens[n], d]; four columns a thread.
fn run(thread: u32) {
  let d4 = params.dim / 4u;
  y[thread] = weight[u32(tokens[thread / d4]) * d4 + thread % d4];
}
