// attention-dkv.wgsl with a workgroup for 16 keys of one head: rows are keys, columns queries, 4 * LANES at a time from the
// first key on. Otherwise as attention-group.wgsl. Masks are drawn once for each query and four keys.
const TILE_STRIDE = LANES + 1u;
var<workgroup> ds_tile: array<vec4f, 16u * TILE_STRIDE>;
var<workgroup> p_tile: array<vec4f, 16u * TILE_STRIDE>;
//#if DROPOUT
var<workgroup> masks: array<vec4u, 4u * LANES>;
//#end

fn left_0(at: u32) -> vec4f { return k[at]; }
fn right_0(at: u32) -> vec4f { return q[at]; }
fn left_1(at: u32) -> vec4f { return v[at]; }
fn right_1(at: u32) -> vec4f { return dy[at]; }

//#if DROPOUT
// masks[query] has 4 bits for each of the 4 blocks of 4 keys.
fn draw_masks(local: u32, head_row: u32, first_key: u32, first_query: u32) {
  if (local < 4u * LANES) {
    let block = ((head_row % params.heads) * 1024u + first_query + local) * 256u + first_key / 4u;
    var bits = vec4u();
    for (var b = 0u; b < 4u; b++) {
      let kept = keep4(block + b, head_row / params.heads) > vec4f();
      bits[b] = dot(select(vec4u(), vec4u(1u, 2u, 4u, 8u), kept), vec4u(1u));
    }
    masks[local] = bits;
  }
}
//#end

fn run(group: u32, local: u32) {
  let length = params.sequence;
  let tiles = (length + 15u) / 16u;
  let head_row = group / tiles;
  let base = head_row * length;
  let first = (group % tiles) * 16u;
  let ty = local / LANES;
  let tx = local % LANES;
  //#for r 2
  let j_${r} = first + ty + 8u * ${r}u;
  let line_${r} = (ty + 8u * ${r}u) * TILE_STRIDE;
  //#for c COLS
  var dk_${r}_${c} = vec4f();
  var dv_${r}_${c} = vec4f();
  //#end
  //#end
  for (var i = first; i < length; i += 4u * LANES) {
    //#if DROPOUT
    draw_masks(local, head_row, first, i);
    //#end
    let s = product_0(local, base, first, i);
    let dp = product_1(local, base, first, i);
    let queries = vec4u(i + 4u * tx) + vec4u(0u, 1u, 2u, 3u);
    //#for t 4
    let stats_${t} = stats[base + min(queries[${t}], length - 1u)];
    //#end
    let lse = vec4f(stats_0.x, stats_1.x, stats_2.x, stats_3.x);
    let sums = vec4f(stats_0.y, stats_1.y, stats_2.y, stats_3.y);
    //#for r 2
    let seen_${r} = (queries >= vec4u(j_${r})) & (queries < vec4u(length));
    let p_${r} = select(vec4f(), exp(s[${r}] - lse), seen_${r});
    var mask_${r} = vec4f(1.0);
    //#if DROPOUT
    let place_${r} = ty + 8u * ${r}u;
    let drawn_${r} = vec4u(masks[4u * tx][place_${r} / 4u], masks[4u * tx + 1u][place_${r} / 4u], masks[4u * tx + 2u][place_${r} / 4u], masks[4u * tx + 3u][place_${r} / 4u]);
    mask_${r} = select(vec4f(), vec4f(params.keep_scale), (drawn_${r} & vec4u(1u << (place_${r} % 4u))) != vec4u());
    //#end
    p_tile[line_${r} + tx] = p_${r} * mask_${r};
    ds_tile[line_${r} + tx] = p_${r} * (dp[${r}] * mask_${r} - sums);
    //#end
    workgroupBarrier();
    let end = min(LANES, (length - 1u - i) / 4u + 1u);
    for (var x = 0u; x < end; x++) {
      //#for r 2
      let ds_${r} = ds_tile[line_${r} + x];
      let kept_${r} = p_tile[line_${r} + x];
      //#end
      //#for t 4
      let at_${t} = (base + min(i + 4u * x + ${t}u, length - 1u)) * VECS;
      //#for c COLS
      let q_${t}_${c} = q[at_${t} + min(tx + ${c}u * LANES, VECS - 1u)];
      let g_${t}_${c} = dy[at_${t} + min(tx + ${c}u * LANES, VECS - 1u)];
      //#for r 2
      dk_${r}_${c} += ds_${r}[${t}] * q_${t}_${c};
      dv_${r}_${c} += kept_${r}[${t}] * g_${t}_${c};
      //#end
      //#end
      //#end
    }
  }
  //#for r 2
  if (j_${r} < length) {
    //#for c COLS
    if (tx + ${c}u * LANES < VECS) {
      dk[(base + j_${r}) * VECS + tx + ${c}u * LANES] = dk_${r}_${c};
      dv[(base + j_${r}) * VECS + tx + ${c}u * LANES] = dv_${r}_${c};
    }
    //#end
  }
  //#end
}
