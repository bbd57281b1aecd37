// attention-dq.wgsl with a workgroup for 16 queries of one head; threads as in attention-group.wgsl.
const TILE_STRIDE = LANES + 1u;
var<workgroup> tile: array<vec4f, 16u * TILE_STRIDE>;

fn left_0(at: u32) -> vec4f { return q[at]; }
fn right_0(at: u32) -> vec4f { return k[at]; }
fn left_1(at: u32) -> vec4f { return dy[at]; }
fn right_1(at: u32) -> vec4f { return v[at]; }

fn run(group: u32, local: u32) {
  let length = params.sequence;
  let tiles = (length + 15u) / 16u;
  let head_row = group / tiles;
  let base = head_row * length;
  let first = (tiles - 1u - group % tiles) * 16u;
  let last = min(first + 16u, length) - 1u;
  let ty = local / LANES;
  let tx = local % LANES;
  //#for r 2
  let i_${r} = first + ty + 8u * ${r}u;
  let line_${r} = (ty + 8u * ${r}u) * TILE_STRIDE;
  let stats_${r} = stats[base + min(i_${r}, length - 1u)];
  //#for c COLS
  var dq_${r}_${c} = vec4f();
  //#end
  //#end
  for (var j = 0u; j <= last; j += 4u * LANES) {
    let s = product_0(local, base, first, j);
    let dp = product_1(local, base, first, j);
    let keys = vec4u(j + 4u * tx) + vec4u(0u, 1u, 2u, 3u);
    //#for r 2
    var dp_${r} = dp[${r}];
    //#if DROPOUT
    dp_${r} *= keep4(((head_row % params.heads) * 1024u + i_${r}) * 256u + j / 4u + tx, head_row / params.heads);
    //#end
    let p_${r} = select(vec4f(), exp(s[${r}] - stats_${r}.x), keys <= vec4u(i_${r}));
    tile[line_${r} + tx] = p_${r} * (dp_${r} - stats_${r}.y);
    //#end
    workgroupBarrier();
    let end = min(LANES, (last - j) / 4u + 1u);
    for (var x = 0u; x < end; x++) {
      let ds_0 = tile[line_0 + x];
      let ds_1 = tile[line_1 + x];
      //#for t 4
      let at_${t} = (base + min(j + 4u * x + ${t}u, length - 1u)) * VECS;
      //#for c COLS
      let k_${t}_${c} = k[at_${t} + min(tx + ${c}u * LANES, VECS - 1u)];
      dq_0_${c} += ds_0[${t}] * k_${t}_${c};
      dq_1_${c} += ds_1[${t}] * k_${t}_${c};
      //#end
      //#end
    }
  }
  //#for r 2
  if (i_${r} < length) {
    //#for c COLS
    if (tx + ${c}u * LANES < VECS) { dq[(base + i_${r}) * VECS + tx + ${c}u * LANES] = dq_${r}_${c}; }
    //#end
  }
  //#end
}
