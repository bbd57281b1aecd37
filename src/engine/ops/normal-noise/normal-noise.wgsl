// Standard normal values from Philox words, four a thread: sqrt(2) * erfinv(u) by Giles' single-precision
// polynomials, as normalFromWord in src/engine/philox.ts.
fn normal(word: u32) -> f32 {
  let u = f32(i32(2u * (word >> 8u) + 1u) - 16777216) * 5.9604644775390625e-8;
  let w = -precise_log((1.0 - u) * (1.0 + u));
  var p: f32;
  if (w < 5.0) {
    let x = w - 2.5;
    p = 2.81022636e-8;
    p = p * x + 3.43273939e-7;
    p = p * x - 3.5233877e-6;
    p = p * x - 4.39150654e-6;
    p = p * x + 2.1858087e-4;
    p = p * x - 1.25372503e-3;
    p = p * x - 4.17768164e-3;
    p = p * x + 0.246640727;
    p = p * x + 1.50140941;
  } else {
    let x = sqrt(w) - 3.0;
    p = -2.00214257e-4;
    p = p * x + 1.00950558e-4;
    p = p * x + 1.34934322e-3;
    p = p * x - 3.67342844e-3;
    p = p * x + 5.73950773e-3;
    p = p * x - 7.6224613e-3;
    p = p * x + 9.43887047e-3;
    p = p * x + 1.00167406;
    p = p * x + 2.83297682;
  }
  return 1.4142135623730951 * u * p;
}

fn run(thread: u32) {
  let words = philox(thread, 0u, params.micro_batch, params.place, params.seed, params.step);
  y[thread] = vec4f(normal(words.x), normal(words.y), normal(words.z), normal(words.w));
}
