// dq[i] = sum over keys j <= i of ds[i, j] k[j], with p = exp(s - lse), dp = (dy . v) mask and
// ds = p (dp - row sum), all computed again. A thread owns QUERIES neighbouring queries of one head.
fn run(thread: u32) {
  let length = params.sequence;
  let tiles = (length + QUERIES - 1u) / QUERIES;
  let head_row = thread / tiles;
  let base = head_row * length;
  let first = (thread % tiles) * QUERIES;
  //#for r QUERIES
  let i_${r} = min(first + ${r}u, length - 1u);
  let stats_${r} = stats[base + i_${r}];
  //#for c VECS
  let q_${r}_${c} = q[(base + i_${r}) * VECS + ${c}u];
  let g_${r}_${c} = dy[(base + i_${r}) * VECS + ${c}u];
  var dq_${r}_${c} = vec4f();
  //#end
  //#end
  let last = min(first + QUERIES, length) - 1u;
  for (var j = 0u; j <= last; j += 4u) {
    //#for t 4
    let at_${t} = (base + min(j + ${t}u, length - 1u)) * VECS;
    //#end
    //#for r QUERIES
    var s_${r} = vec4f(-stats_${r}.x);
    var dp_${r} = vec4f();
    //#end
    //#for c VECS
    //#for t 4
    let k_${t}_${c} = k[at_${t} + ${c}u];
    let v_${t}_${c} = v[at_${t} + ${c}u];
    //#end
    //#for r QUERIES
    s_${r} += vec4f(dot(q_${r}_${c}, k_0_${c}), dot(q_${r}_${c}, k_1_${c}), dot(q_${r}_${c}, k_2_${c}), dot(q_${r}_${c}, k_3_${c}));
    dp_${r} += vec4f(dot(g_${r}_${c}, v_0_${c}), dot(g_${r}_${c}, v_1_${c}), dot(g_${r}_${c}, v_2_${c}), dot(g_${r}_${c}, v_3_${c}));
    //#end
    //#end
    if (j + 3u > first) {
      let keys = vec4u(j, j + 1u, j + 2u, j + 3u);
      //#for r QUERIES
      s_${r} = select(vec4f(-1e30), s_${r}, keys <= vec4u(i_${r}));
      //#end
    }
    //#for r QUERIES
    //#if DROPOUT
    dp_${r} *= keep4(((head_row % params.heads) * 1024u + i_${r}) * 256u + j / 4u, head_row / params.heads);
    //#end
    let ds_${r} = exp(s_${r}) * (dp_${r} - stats_${r}.y);
    //#for c VECS
    dq_${r}_${c} += ds_${r}.x * k_0_${c} + ds_${r}.y * k_1_${c} + ds_${r}.z * k_2_${c} + ds_${r}.w * k_3_${c};
    //#end
    //#end
  }
  //#for r QUERIES
  if (first + ${r}u < length) {
    //#for c VECS
    dq[(base + i_${r}) * VECS + ${c}u] = dq_${r}_${c};
    //#end
  }
  //#end
}
