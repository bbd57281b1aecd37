// Adam with both moments in 8 bits and one scale for each block of 256 values: a workgroup of 64 threads a block, four
// values a thread. The step itself uses the moments before they are rounded again. See adam-8bit.ts for the code.
const M_LEVELS = 127.0;
const V_LEVELS = 255.0;

fn bytes(word: u32) -> vec4u { return (vec4u(word) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u); }
fn word_of(codes: vec4u) -> u32 {
  let shifted = codes << vec4u(0u, 8u, 16u, 24u);
  return (shifted.x | shifted.y) | (shifted.z | shifted.w);
}

/// m: bit 7 is the sign, the rest the level.
fn decode_m(codes: vec4u) -> vec4f {
  let root = vec4f(codes & vec4u(127u)) / M_LEVELS;
  return select(root, -root, codes >= vec4u(128u)) * root * root;
}
fn decode_v(codes: vec4u) -> vec4f {
  let root = vec4f(codes) / V_LEVELS;
  let cube = root * root * root;
  return cube * cube;
}

/// The level below or above x in [0, 1], such that the mean over `draw` in (0, 1) is x.
fn level_m(x: vec4f, draw: vec4f) -> vec4u {
  let level = vec4u(min(floor(pow(max(x, vec4f(1e-30)), vec4f(1.0 / 3.0)) * M_LEVELS), vec4f(M_LEVELS - 1.0)));
  let low = decode_m(level);
  return level + select(vec4u(), vec4u(1u), draw * (decode_m(level + 1u) - low) < x - low);
}
fn level_v(x: vec4f, draw: vec4f) -> vec4u {
  let level = vec4u(min(floor(pow(max(x, vec4f(1e-30)), vec4f(1.0 / 6.0)) * V_LEVELS), vec4f(V_LEVELS - 1.0)));
  let low = decode_v(level);
  return level + select(vec4u(), vec4u(1u), draw * (decode_v(level + 1u) - low) < x - low);
}

fn largest(x: vec4f) -> f32 { return max(max(x.x, x.y), max(x.z, x.w)); }

fn run(block: u32, local: u32) {
  let at = block * 64u + local;
  let inside = 4u * at < params.size;
  let old = scales[block];
  var g = vec4f();
  var m_next = vec4f();
  var v_next = vec4f();
  if (inside) {
    g = gradient[at];
    //#if gradient_scale
    g *= gradient_scale[0];
    //#end
    m_next = params.beta1 * old.x * decode_m(bytes(m[at])) + params.one_minus_beta1 * g;
    v_next = params.beta2 * old.y * decode_v(bytes(v[at])) + params.one_minus_beta2 * g * g;
    value[at] -= params.rate * m_next / (sqrt(v_next) * params.root_scale + params.epsilon);
  }
  let tops = group_max(local, vec2f(largest(abs(m_next)), largest(v_next)));
  if (inside) {
    let words = philox(at, params.slice, 0u, params.place, params.seed, params.step);
    let draw_m = (vec4f(words & vec4u(65535u)) + 0.5) / 65536.0;
    let draw_v = (vec4f(words >> vec4u(16u)) + 0.5) / 65536.0;
    let levels = level_m(min(abs(m_next) / max(tops.x, 1e-37), vec4f(1.0)), draw_m);
    m[at] = word_of(levels | select(vec4u(), vec4u(128u), m_next < vec4f()));
    let codes = level_v(min(v_next / max(tops.y, 1e-37), vec4f(1.0)), draw_v);
    v[at] = word_of(max(codes, select(vec4u(), vec4u(1u), v_next > vec4f())));
  }
  if (local == 0u) { scales[block] = tops; }
}
