// dk[j] = sum over queries i >= j of ds[i, j] q[i] and dv[j] = sum of p[i, j] mask dy[i], as attention-dq.wgsl.
// A thread owns KEYS (4 or 1) neighbouring keys of one head and walks the queries from its first key on.
fn run(thread: u32) {
  let length = params.sequence;
  let tiles = (length + KEYS - 1u) / KEYS;
  let head_row = thread / tiles;
  let base = head_row * length;
  let first = (thread % tiles) * KEYS;
  let keys = vec4u(first, first + 1u, first + 2u, first + 3u);
  //#for t KEYS
  let at_${t} = (base + min(first + ${t}u, length - 1u)) * VECS;
  var k_${t}: array<vec4f, VECS>;
  var v_${t}: array<vec4f, VECS>;
  var dk_${t}: array<vec4f, VECS>;
  var dv_${t}: array<vec4f, VECS>;
  //#loop c VECS
  k_${t}[${c}] = k[at_${t} + ${c}];
  v_${t}[${c}] = v[at_${t} + ${c}];
  //#end
  //#end
  var q_i: array<vec4f, VECS>;
  var g_i: array<vec4f, VECS>;
  for (var i = first; i < length; i++) {
    let at = (base + i) * VECS;
    let row_stats = stats[base + i];
    var s = vec4f(-row_stats.x);
    var dp = vec4f();
    //#loop c VECS
    q_i[${c}] = q[at + ${c}];
    g_i[${c}] = dy[at + ${c}];
    //#for t KEYS
    s[${t}] += dot(q_i[${c}], k_${t}[${c}]);
    dp[${t}] += dot(g_i[${c}], v_${t}[${c}]);
    //#end
    //#end
    let p = select(vec4f(), exp(s), keys <= vec4u(i));
    //#if DROPOUT
    var mask = keep4(((head_row % params.heads) * 1024u + i) * 256u + first / 4u, head_row / params.heads);
    if (KEYS == 1u) { mask.x = mask[first % 4u]; }
    let kept = p * mask;
    let ds = p * (dp * mask - row_stats.y);
    //#end
    //#ifnot DROPOUT
    let kept = p;
    let ds = p * (dp - row_stats.y);
    //#end
    //#for t KEYS
    //#loop c VECS
    dk_${t}[${c}] += ds[${t}] * q_i[${c}];
    dv_${t}[${c}] += kept[${t}] * g_i[${c}];
    //#end
    //#end
  }
  //#for t KEYS
  if (first + ${t}u < length) {
    //#loop c VECS
    dk[at_${t} + ${c}] = dk_${t}[${c}];
    dv[at_${t} + ${c}] = dv_${t}[${c}];
    //#end
  }
  //#end
}
