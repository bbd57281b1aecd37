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
  //#if STAGED
  // Through arrays that a loop may index, so that the code of a load is there once.
  var k_in_${b}_${t}: array<vec4f, VECS>;
  var v_in_${b}_${t}: array<vec4f, VECS>;
  for (var c = 0u; c < VECS; c++) {
    k_in_${b}_${t}[c] = k[at_${b}_${t} + c];
    v_in_${b}_${t}[c] = v[at_${b}_${t} + c];
  }
  //#loop c VECS
  k_${b}_${t}[${c}] = k_in_${b}_${t}[${c}];
  v_${b}_${t}[${c}] = v_in_${b}_${t}[${c}];
  //#end
  //#end
  //#ifnot STAGED
  //#loop c VECS
  k_${b}_${t}[${c}] = k[at_${b}_${t} + ${c}];
  v_${b}_${t}[${c}] = v[at_${b}_${t} + ${c}];
  //#end
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
    //#end
    // Read again: kept, they take more registers than there are.
    //#loop c VECS
    let q_again = q[at + ${c}];
    let g_again = dy[at + ${c}];
    //#for b GROUPS
    //#for t KEYS
    dk_${b}_${t}[${c}] += ds_${b}[${t}] * q_again;
    dv_${b}_${t}[${c}] += kept_${b}[${t}] * g_again;
    //#end
    //#end
    //#end
  }
  //#for b GROUPS
  //#for t KEYS
  if (first_${b} + ${t}u < length) {
    //#if STAGED
    // The same for stores.
    var dk_out_${b}_${t}: array<vec4f, VECS>;
    var dv_out_${b}_${t}: array<vec4f, VECS>;
    //#loop c VECS
    dk_out_${b}_${t}[${c}] = dk_${b}_${t}[${c}];
    dv_out_${b}_${t}[${c}] = dv_${b}_${t}[${c}];
    //#end
    for (var c = 0u; c < VECS; c++) {
      dk[at_${b}_${t} + c] = dk_out_${b}_${t}[c];
      dv[at_${b}_${t} + c] = dv_out_${b}_${t}[c];
    }
    //#end
    //#ifnot STAGED
    //#loop c VECS
    dk[at_${b}_${t} + ${c}] = dk_${b}_${t}[${c}];
    dv[at_${b}_${t} + ${c}] = dv_${b}_${t}[${c}];
    //#end
    //#end
  }
  //#end
  //#end
}
