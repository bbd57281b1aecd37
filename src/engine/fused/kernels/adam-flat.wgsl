// Adam in place over all parameters of a slab, four values a thread: ops/adam/adam.wgsl on vec4.
fn run(thread: u32) {
  let g = gradient[thread];
  let m_next = params.beta1 * m[thread] + params.one_minus_beta1 * g;
  let v_next = params.beta2 * v[thread] + params.one_minus_beta2 * g * g;
  m[thread] = m_next;
  v[thread] = v_next;
  value[thread] -= params.rate * m_next / (sqrt(v_next) * params.root_scale + params.epsilon);
}
