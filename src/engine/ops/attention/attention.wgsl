// Causal attention over packed q, k, v [rows * heads, sequence, VECS]: online softmax over blocks of four keys, none
// past the query. y [rows * sequence, heads * headDim]; lse[head row, position] = log sum exp of the scores.
// A thread owns QUERIES neighbouring queries of one head. Heads above 16 are walked by a loop: on the
// software adapter a third of the time to compile, for a step that is 7 % longer.
fn run(thread: u32) {
  let length = params.sequence;
  let tiles = (length + QUERIES - 1u) / QUERIES;
  let head_row = thread / tiles;
  let head = head_row % params.heads;
  let row = head_row / params.heads;
  let base = head_row * length;
  let first = (thread % tiles) * QUERIES;
  //#for r QUERIES
  let i_${r} = min(first + ${r}u, length - 1u);
  var top_${r} = -1e30;
  var sum_${r} = 0.0;
  var q_${r}: array<vec4f, VECS>;
  var y_${r}: array<vec4f, VECS>;
  //#loop c VECS 4
  q_${r}[${c}] = q[(base + i_${r}) * VECS + ${c}];
  //#end
  //#end
  let last = min(first + QUERIES, length) - 1u;
  for (var j = 0u; j <= last; j += 4u) {
    //#for t 4
    let at_${t} = (base + min(j + ${t}u, length - 1u)) * VECS;
    //#end
    //#for r QUERIES
    var s_${r} = vec4f();
    //#end
    //#loop c VECS 4
    //#for t 4
    let k_${t} = k[at_${t} + ${c}];
    //#end
    //#for r QUERIES
    s_${r} += vec4f(dot(q_${r}[${c}], k_0), dot(q_${r}[${c}], k_1), dot(q_${r}[${c}], k_2), dot(q_${r}[${c}], k_3));
    //#end
    //#end
    if (j + 3u > first) {
      let keys = vec4u(j, j + 1u, j + 2u, j + 3u);
      //#for r QUERIES
      s_${r} = select(vec4f(-1e30), s_${r}, keys <= vec4u(i_${r}));
      //#end
    }
    //#for r QUERIES
    let next_${r} = max(top_${r}, max(max(s_${r}.x, s_${r}.y), max(s_${r}.z, s_${r}.w)));
    let fade_${r} = exp(top_${r} - next_${r});
    var p_${r} = exp(s_${r} - next_${r});
    top_${r} = next_${r};
    sum_${r} = sum_${r} * fade_${r} + ((p_${r}.x + p_${r}.y) + (p_${r}.z + p_${r}.w));
    //#if DROPOUT
    p_${r} *= keep4((head * 1024u + i_${r}) * 256u + j / 4u, row);
    //#end
    //#end
    //#loop c VECS 4
    //#for t 4
    let v_${t} = v[at_${t} + ${c}];
    //#end
    //#for r QUERIES
    y_${r}[${c}] = y_${r}[${c}] * fade_${r} + p_${r}.x * v_0 + p_${r}.y * v_1 + p_${r}.z * v_2 + p_${r}.w * v_3;
    //#end
    //#end
  }
  //#for r QUERIES
  if (first + ${r}u < length) {
    let scale = 1.0 / sum_${r};
    let to = ((row * length + i_${r}) * params.heads + head) * params.head_dim;
    //#loop c VECS 4
    //#for t 4
    if (${c} * 4u + ${t}u < params.head_dim) { y[to + ${c} * 4u + ${t}u] = y_${r}[${c}][${t}] * scale; }
    //#end
    //#end
    lse[base + i_${r}] = top_${r} + precise_log(sum_${r});
  }
  //#end
}
