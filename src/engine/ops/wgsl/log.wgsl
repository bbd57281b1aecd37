// Natural logarithm of a positive normal number to about 1 ulp; the built-in may be off by 2^-21. The mantissa is
// brought to [sqrt 1/2, sqrt 2), then log(1 + f) = f - f^2/2 + f^3 R(f), R by Chebyshev interpolation (8e-10).
fn precise_log(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  let exponent = i32((bits + 0x004afb0du) >> 23u) - 127;
  let f = bitcast<f32>(bits - (u32(exponent) << 23u)) - 1.0;
  var r = -0.06201499901900521;
  r = r * f + 0.1053086459339448;
  r = r * f - 0.10646191655850193;
  r = r * f + 0.11037783385470301;
  r = r * f - 0.12450743322519907;
  r = r * f + 0.1428652454628927;
  r = r * f - 0.1666800152289551;
  r = r * f + 0.20000010039711066;
  r = r * f - 0.24999990275046038;
  r = r * f + 0.3333333328119926;
  let e = f32(exponent);
  return e * 0.693359375 + (f + (f * f * (f * r - 0.5) - e * 2.12194440e-4));
}
