/** Uniforms of an Adam step: 1 - beta is rounded once, on the CPU; rate and root scale hold the bias corrections. */
export const adamParams = {
  beta1: 'f32',
  one_minus_beta1: 'f32',
  beta2: 'f32',
  one_minus_beta2: 'f32',
  epsilon: 'f32',
  rate: 'f32',
  root_scale: 'f32',
} as const
