/**
 * Standard normal distribution function accurate to f32 (7e-8), for GELU: gelu(x) = x * cdf(x) and
 * gelu'(x) = cdf(x) + x * density(x). tfjs' erf is off by 5e-7. Chebyshev fits of the closed form, made for this
 * project; lowest power first. Shared by the tfjs and the WGSL version.
 *   |x| <= 1: cdf(x) = 1/2 + x * P(x^2), P = cdfCentre
 *   else:     upper tail at a = |x|: exp(-a^2 / 2) * T(t), t = 1 / (1 + cdfTailStep * a), T = cdfTail
 */
export const cdfCentre = [
  0.3989422917366028, -0.06649035960435867, 0.009973330423235893, -0.0011863484978675842,
  0.0001135074780904688, -7.662608368264046e-6,
] as const

export const cdfTail = [
  -6.022842353559099e-5, 0.13285478949546814, 0.12161814421415329, 0.16261374950408936, -0.031058641150593758,
  0.2333299219608307, -0.12780819833278656, -0.0013397998409345746, 0.009850275702774525,
] as const

export const cdfTailStep = 0.33

/** 1 / sqrt(2 pi). */
export const DENSITY_AT_ZERO = 0.3989422804014327
