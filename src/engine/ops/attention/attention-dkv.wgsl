// dk[j] = sum over queries i >= j of ds[i, j] q[i] and dv[j] = sum of p[i, j] mask dy[i], as attention-dq.wgsl.
// A thread owns four neighbouring keys of one head and walks the queries from its first key on.
fn run(thread: u32) {
  let length = params.sequence;
  let tiles = (length + 3u) / 4u;
  let head_row = thread / tiles;
  let base = head_row * length;
  let first = (thread % tiles) * 4u;
  let keys = vec4u(first, first + 1u, first + 2u, first + 3u);
  //#for t 4
  let at_${t} = (base + min(first + ${t}u, length - 1u)) * VECS;
  //#for c VECS
  let k_${t}_${c} = k[at_${t} + ${c}u];
  let v_${t}_${c} = v[at_${t} + ${c}u];
  var dk_${t}_${c} = vec4f();
  var dv_${t}_${c} = vec4f();
  //#end
  //#end
  for (var i = first; i < length; i++) {
    let at = (base + i) * VECS;
    let row_stats = stats[base + i];
    var s = vec4f(-row_stats.x);
    var dp = vec4f();
    //#for c VECS
    let q_${c} = q[at + ${c}u];
    let g_${c} = dy[at + ${c}u];
    s += vec4f(dot(q_${c}, k_0_${c}), dot(q_${c}, k_1_${c}), dot(q_${c}, k_2_${c}), dot(q_${c}, k_3_${c}));
    dp += vec4f(dot(g_${c}, v_0_${c}), dot(g_${c}, v_1_${c}), dot(g_${c}, v_2_${c}), dot(g_${c}, v_3_${c}));
    //#end
    let p = select(vec4f(), exp(s), keys <= vec4u(i));
    //#if DROPOUT
    let mask = keep4(((head_row % params.heads) * 1024u + i) * 256u + first / 4u, head_row / params.heads);
    let kept = p * mask;
    let ds = p * (dp * mask - row_stats.y);
    //#end
    //#ifnot DROPOUT
    let kept = p;
    let ds = p * (dp - row_stats.y);
    //#end
    //#for t 4
    //#for c VECS
    dk_${t}_${c} += ds[${t}] * q_${c};
    dv_${t}_${c} += kept[${t}] * g_${c};
    //#end
    //#end
  }
  //#for t 4
  if (first + ${t}u < length) {
    //#for c VECS
    dk[at_${t} + ${c}u] = dk_${t}_${c};
    dv[at_${t} + ${c}u] = dv_${t}_${c};
    //#end
  }
  //#end
}
