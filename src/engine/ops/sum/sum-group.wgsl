// sum.wgsl with a workgroup a chunk; neighbours read neighbours.
fn run(group: u32, local: u32) {
  let first = group * params.chunk;
  let last = min(first + params.chunk, params.size);
  var sums = vec4f();
  for (var i = first + local; i < last; i += 4u * WORKGROUP) {
    //#for k 4
    let at_${k} = i + ${k}u * WORKGROUP;
    let x_${k} = select(0.0, x[min(at_${k}, last - 1u)], at_${k} < last);
    //#end
    let four = vec4f(x_0, x_1, x_2, x_3);
    //#if SQUARE
    sums += four * four;
    //#end
    //#ifnot SQUARE
    sums += four;
    //#end
  }
  let total = group_sum(local, vec2f(sum4(sums), 0.0)).x;
  if (local == 0u) { y[params.offset + group] = params.scale * total; }
}
