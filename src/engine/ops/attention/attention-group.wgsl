// attention.wgsl with a workgroup for 16 queries of one head, keys 4 * LANES at a time, none past the last query. A
// thread's rows and four keys are those of tile-product.wgsl; of y it owns every LANES-th vec4 column of the same rows.
// Probabilities pass through a tile in workgroup memory; one that dropout takes is negative there, so that it still counts
// in the softmax's sum.
const TILE_STRIDE = LANES + 1u;
var<workgroup> tile: array<vec4f, 16u * TILE_STRIDE>;

fn left_0(at: u32) -> vec4f { return q[at]; }
fn right_0(at: u32) -> vec4f { return k[at]; }

fn run(group: u32, local: u32) {
  let length = params.sequence;
  let tiles = (length + 15u) / 16u;
  let head_row = group / tiles;
  let head = head_row % params.heads;
  let row = head_row / params.heads;
  let base = head_row * length;
  // The longest first.
  let first = (tiles - 1u - group % tiles) * 16u;
  let last = min(first + 16u, length) - 1u;
  let ty = local / LANES;
  let tx = local % LANES;
  //#for r 2
  let i_${r} = first + ty + 8u * ${r}u;
  let line_${r} = (ty + 8u * ${r}u) * TILE_STRIDE;
  var top_${r} = -1e30;
  var sum_${r} = 0.0;
  //#for c COLS
  var y_${r}_${c} = vec4f();
  //#end
  //#end
  for (var j = 0u; j <= last; j += 4u * LANES) {
    let s = product_0(local, base, first, j);
    let keys = vec4u(j + 4u * tx) + vec4u(0u, 1u, 2u, 3u);
    //#for r 2
    let s_${r} = select(vec4f(-1e30), s[${r}], keys <= vec4u(i_${r}));
    tile[line_${r} + tx] = s_${r};
    //#end
    workgroupBarrier();
    //#for r 2
    var tops_${r} = vec4f(top_${r});
    for (var x = 0u; x < LANES; x++) { tops_${r} = max(tops_${r}, tile[line_${r} + x]); }
    let next_${r} = max(max(tops_${r}.x, tops_${r}.y), max(tops_${r}.z, tops_${r}.w));
    let fade_${r} = exp(top_${r} - next_${r});
    top_${r} = next_${r};
    //#end
    workgroupBarrier();
    //#for r 2
    var p_${r} = exp(s_${r} - next_${r});
    //#if DROPOUT
    p_${r} *= select(vec4f(-1.0), vec4f(1.0), keep4((head * 1024u + i_${r}) * 256u + j / 4u + tx, row) > vec4f());
    //#end
    tile[line_${r} + tx] = p_${r};
    var total_${r} = vec4f();
    //#for c COLS
    y_${r}_${c} *= fade_${r};
    //#end
    //#end
    workgroupBarrier();
    let end = min(LANES, (last - j) / 4u + 1u);
    for (var x = 0u; x < end; x++) {
      //#for r 2
      let given_${r} = tile[line_${r} + x];
      total_${r} += abs(given_${r});
      let kept_${r} = max(given_${r}, vec4f());
      //#end
      //#for t 4
      let at_${t} = (base + min(j + 4u * x + ${t}u, length - 1u)) * VECS;
      //#for c COLS
      let v_${t}_${c} = v[at_${t} + min(tx + ${c}u * LANES, VECS - 1u)];
      y_0_${c} += kept_0[${t}] * v_${t}_${c};
      y_1_${c} += kept_1[${t}] * v_${t}_${c};
      //#end
      //#end
    }
    //#for r 2
    sum_${r} = sum_${r} * fade_${r} + ((total_${r}.x + total_${r}.y) + (total_${r}.z + total_${r}.w));
    //#end
  }
  //#for r 2
  if (i_${r} < length) {
    var scale = 1.0 / sum_${r};
    //#if DROPOUT
    scale *= params.keep_scale;
    //#end
    let to = ((row * length + i_${r}) * params.heads + head) * params.head_dim;
    //#for c COLS
    //#for t 4
    if (4u * (tx + ${c}u * LANES) + ${t}u < params.head_dim) { y[to + 4u * (tx + ${c}u * LANES) + ${t}u] = y_${r}_${c}[${t}] * scale; }
    //#end
    //#end
    if (tx == 0u) { lse[base + i_${r}] = top_${r} + precise_log(sum_${r}); }
  }
  //#end
}
