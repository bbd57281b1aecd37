// dk[j] = sum over queries i >= j of ds[i, j] q[i] and dv[j] = sum of p[i, j] mask dy[i], as attention-dq.wgsl.
// A thread owns GROUPS groups of KEYS (4 or 1) neighbouring keys of one head and walks the queries from its first key on.
fn run(thread: u32) {
  let length = params.sequence;
  let tiles = (length + GROUPS * KEYS - 1u) / (GROUPS * KEYS);
  let head_row = thread / tiles;
  let base = head_row * length;
  let first = (thread % tiles) * GROUPS * KEYS;
  //#for b GROUPS
  let first_${b} = first + ${b}u * KEYS;
  let keys_${b} = vec4u(first_${b}, first_${b} + 1u, first_${b} + 2u, first_${b} + 3u);
  //#for t KEYS
  let at_${b}_${t} = (base + min(first_${b} + ${t}u, length - 1u)) * VECS;
  var k_${b}_${t}: array<vec4f, VECS>;
  var v_${b}_${t}: array<vec4f, VECS>;
  var dk_${b}_${t}: array<vec4f, VECS>;
  var dv_${b}_${t}: array<vec4f, VECS>;
  //#loop c VECS
  k_${b}_${t}[${c}] = k[at_${b}_${t} + ${c}];
  v_${b}_${t}[${c}] = v[at_${b}_${t} + ${c}];
  //#end
  //#end
  //#end
  for (var i = first; i < length; i++) {
    let at = (base + i) * VECS;
    let row_stats = stats[base + i];
    //#for b GROUPS
    var s_${b} = vec4f(-row_stats.x);
    var dp_${b} = vec4f();
    //#end
    //#loop c VECS
    let q_i = q[at + ${c}];
    let g_i = dy[at + ${c}];
    //#for b GROUPS
    //#for t KEYS
    s_${b}[${t}] += dot(q_i, k_${b}_${t}[${c}]);
    dp_${b}[${t}] += dot(g_i, v_${b}_${t}[${c}]);
    //#end
    //#end
    //#end
    //#for b GROUPS
    let p_${b} = select(vec4f(), exp(s_${b}), keys_${b} <= vec4u(i));
    //#if DROPOUT
    var mask_${b} = keep4(((head_row % params.heads) * 1024u + i) * 256u + first_${b} / 4u, head_row / params.heads);
    if (KEYS == 1u) { mask_${b}.x = mask_${b}[first_${b} % 4u]; }
    let kept_${b} = p_${b} * mask_${b};
    let ds_${b} = p_${b} * (dp_${b} * mask_${b} - row_stats.y);
    //#end
    //#ifnot DROPOUT
    let kept_${b} = p_${b};
    let ds_${b} = p_${b} * (dp_${b} - row_stats.y);
    //#end
    //#for t KEYS
    //#loop c VECS
    dk_${b}_${t}[${c}] += ds_${b}[${t}] * q[at + ${c}];
    dv_${b}_${t}[${c}] += kept_${b}[${t}] * dy[at + ${c}];
    //#end
    //#end
    //#end
  }
  //#for b GROUPS
  //#for t KEYS
  if (first_${b} + ${t}u < length) {
    //#loop c VECS
    dk[at_${b}_${t} + ${c}] = dk_${b}_${t}[${c}];
    dv[at_${b}_${t} + ${c}] = dv_${b}_${t}[${c}];
    //#end
  }
  //#end
  //#end
}
