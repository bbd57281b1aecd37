struct SinCos {
  s: vec4f,
  c: vec4f,
}

// Sine and cosine to about 1 ulp for |x| up to a few thousand: the argument less k * pi/2 in three parts whose
// products with k are exact, then Taylor series on [-pi/4, pi/4]. The built-ins may be off by 2^-11.
fn sincos4(x: vec4f) -> SinCos {
  let k = round(x * 0.6366197723675814);
  let r = ((x - k * 1.5703125) - k * 4.837512969970703e-4) - k * 7.549789948768648e-8;
  let q = vec4i(k);
  let r2 = r * r;
  let s = r + r * r2 * (-1.6666666666666666e-1 + r2 * (8.333333333333333e-3 + r2 * (-1.984126984126984e-4 + r2 * 2.7557319223985893e-6)));
  let c = 1.0 + r2 * (-0.5 + r2 * (4.1666666666666664e-2 + r2 * (-1.388888888888889e-3 + r2 * (2.48015873015873e-5 - r2 * 2.755731922398589e-7))));
  let swap = (q & vec4i(1)) == vec4i(1);
  let sine = select(s, c, swap);
  let cosine = select(c, s, swap);
  return SinCos(
    select(sine, -sine, (q & vec4i(2)) == vec4i(2)),
    select(cosine, -cosine, ((q + vec4i(1)) & vec4i(2)) == vec4i(2)),
  );
}
