// erf to about 1e-7: x + x P(x^2) below 1, 1 - exp(-Q(x)) above, where Q interpolates -log(erfc(x)) on [1, 4].
// Both polynomials by Chebyshev interpolation (errors 4e-11 and 5e-10).
fn erf4(x: vec4f) -> vec4f {
  let s = min(x * x, vec4f(1.0));
  var p = vec4f(-9.667044521398814e-06);
  p = p * s + 0.00011265958993358632;
  p = p * s - 0.0008484080398670835;
  p = p * s + 0.00522103180717887;
  p = p * s - 0.026865430727328665;
  p = p * s + 0.1128378249522834;
  p = p * s - 0.37612638468027837;
  p = p * s + 0.12837916706154318;
  let a = abs(x);
  let u = clamp(a, vec4f(1.0), vec4f(4.0)) - 2.0;
  var q = vec4f(-1.637151417334143e-06);
  q = q * u + 1.9863620064630706e-05;
  q = q * u - 0.00013535398644728242;
  q = q * u + 0.0007333605374720764;
  q = q * u - 0.00357086824401232;
  q = q * u + 0.016464675099442192;
  q = q * u + 0.9237508677710444;
  q = q * u + 4.418160867693886;
  q = q * u + 5.364941265415213;
  return select(sign(x) * (1.0 - exp(-q)), x + x * p, a < vec4f(1.0));
}
