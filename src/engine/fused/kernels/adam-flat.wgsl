// Adam in place over all parameters of a slab, four values a thread: ops/adam/adam.wgsl on vec4. Where there is a gradient
// scale (clip-scale.wgsl), it multiplies the gradient.
fn run(thread: u32) {
  var g = gradient[thread];
  //#if gradient_scale
  g *= gradient_scale[0];
  //#end
  let m_next = params.beta1 * m[thread] + params.one_minus_beta1 * g;
  let v_next = params.beta2 * v[thread] + params.one_minus_beta2 * g * g;
  m[thread] = m_next;
  v[thread] = v_next;
  value[thread] -= params.rate * m_next / (sqrt(v_next) * params.root_scale + params.epsilon);
}
