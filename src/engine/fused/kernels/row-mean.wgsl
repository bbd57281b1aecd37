// means[row, d] = mean over the positions of x[row, sequence, d], summed in runs of 32. Four columns a thread.
fn run(thread: u32) {
  let d4 = params.dim / 4u;
  let row = thread / d4;
  var at = row * params.sequence * d4 + thread % d4;
  var total = vec4f();
  for (var first = 0u; first < params.sequence; first += 32u) {
    var sum = vec4f();
    for (var i = first; i < min(first + 32u, params.sequence); i++) {
      sum += x[at];
      at += d4;
    }
    total += sum;
  }
  means[thread] = total / f32(params.sequence);
}
