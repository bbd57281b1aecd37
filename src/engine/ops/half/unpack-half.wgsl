// The reverse of pack-half.wgsl.
fn run(thread: u32) {
  let words = x[thread];
  y[thread] = vec4f(unpack2x16float(words.x), unpack2x16float(words.y));
}
