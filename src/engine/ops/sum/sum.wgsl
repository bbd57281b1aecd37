// partial[offset + thread] = scale * sum of LENGTH elements (or of their squares), four running sums apiece.
fn term(index: u32) -> f32 {
  let value = select(0.0, x[min(index, params.size - 1u)], index < params.size);
  //#if SQUARE
  return value * value;
  //#end
  //#ifnot SQUARE
  return value;
  //#end
}

fn run(thread: u32) {
  let first = thread * params.chunk;
  let last = min(first + params.chunk, params.size);
  var sums = vec4f();
  for (var i = first; i < last; i += 4u) {
    let there = vec4u(i, i + 1u, i + 2u, i + 3u) < vec4u(last);
    sums += select(vec4f(), vec4f(term(i), term(i + 1u), term(i + 2u), term(i + 3u)), there);
  }
  y[params.offset + thread] = params.scale * ((sums.x + sums.y) + (sums.z + sums.w));
}
