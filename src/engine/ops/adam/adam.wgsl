// Adam in place, ELEMENTS values a thread, `threads` apart so that neighbours read neighbours.
fn run(thread: u32) {
  for (var i = thread; i < params.size; i += params.threads) {
    let g = gradient[i];
    let m_next = params.beta1 * m[i] + params.one_minus_beta1 * g;
    let v_next = params.beta2 * v[i] + params.one_minus_beta2 * g * g;
    m[i] = m_next;
    v[i] = v_next;
    value[i] -= params.rate * m_next / (sqrt(v_next) * params.root_scale + params.epsilon);
  }
}
