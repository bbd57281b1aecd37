// dq[i] = sum over keys j <= i of ds[i, j] k[j], with p = exp(s - lse), dp = (dy . v) mask and
// ds = p (dp - row sum), all computed again. A thread owns QUERIES neighbouring queries of one head; loops as attention.wgsl.
fn run(thread: u32) {
  let length = params.sequence;
  let tiles = (length + QUERIES - 1u) / QUERIES;
  let head_row = thread / tiles;
  let base = head_row * length;
  let first = (thread % tiles) * QUERIES;
  //#for r QUERIES
  let i_${r} = min(first + ${r}u, length - 1u);
  let stats_${r} = stats[base + i_${r}];
  var q_${r}: array<vec4f, VECS>;
  var g_${r}: array<vec4f, VECS>;
  var dq_${r}: array<vec4f, VECS>;
  //#loop c VECS 4
  q_${r}[${c}] = q[(base + i_${r}) * VECS + ${c}];
  g_${r}[${c}] = dy[(base + i_${r}) * VECS + ${c}];
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
    //#loop c VECS 4
    //#for t 4
    let k_${t} = k[at_${t} + ${c}];
    let v_${t} = v[at_${t} + ${c}];
    //#end
    //#for r QUERIES
    s_${r} += vec4f(dot(q_${r}[${c}], k_0), dot(q_${r}[${c}], k_1), dot(q_${r}[${c}], k_2), dot(q_${r}[${c}], k_3));
    dp_${r} += vec4f(dot(g_${r}[${c}], v_0), dot(g_${r}[${c}], v_1), dot(g_${r}[${c}], v_2), dot(g_${r}[${c}], v_3));
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
    //#end
    // Keys are read again: kept, they take more registers than there are, and longer to compile.
    //#loop c VECS 4
    //#for t 4
    let again_${t} = k[at_${t} + ${c}];
    //#end
    //#for r QUERIES
    dq_${r}[${c}] += ds_${r}.x * again_0 + ds_${r}.y * again_1 + ds_${r}.z * again_2 + ds_${r}.w * again_3;
    //#end
    //#end
  }
  //#for r QUERIES
  if (first + ${r}u < length) {
    //#loop c VECS 4
    dq[(base + i_${r}) * VECS + ${c}] = dq_${r}[${c}];
    //#end
  }
  //#end
}
