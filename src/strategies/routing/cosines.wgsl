// table[t, m] = targets[t] . models[m], both rows of length 1; four targets by four models a thread.
// dim is a multiple of 4; targets and models are padded to multiples of 4 with zeros.
fn run(thread: u32) {
  let m = (thread % params.model_tiles) * 4u;
  let t = (thread / params.model_tiles) * 4u;
  let vectors = params.vectors;
  //#for i 4
  var sum${i} = vec4f();
  //#end
  for (var v = 0u; v < vectors; v++) {
    //#for j 4
    let b${j} = models[(m + ${j}u) * vectors + v];
    //#end
    //#for i 4
    let a${i} = targets[(t + ${i}u) * vectors + v];
    sum${i} += vec4f(dot(a${i}, b0), dot(a${i}, b1), dot(a${i}, b2), dot(a${i}, b3));
    //#end
  }
  let width = params.model_tiles;
  //#for i 4
  table[(t + ${i}u) * width + m / 4u] = sum${i};
  //#end
}
