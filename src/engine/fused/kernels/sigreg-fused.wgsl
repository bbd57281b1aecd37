// Protocol 8.7 for one position a thread, as ops/sigreg: statistic[n] = slices * sum_j w_j ((C_j - phi_j)^2 + S_j^2). With
// GRADIENT the projections y become scale * d statistic / d y, by Horner's rule from the last point down.
fn run(n: u32) {
  let s4 = params.slices / 4u;
  //#for j POINTS
  var c_${j} = vec4f();
  var s_${j} = vec4f();
  //#end
  for (var slice = 0u; slice < s4; slice++) {
    let z = sincos4(y[n * s4 + slice] * params.dt);
    var turn = z;
    //#for j POINTS
    c_${j} += turn.c;
    s_${j} += turn.s;
    turn = SinCos(turn.s * z.c + turn.c * z.s, turn.c * z.c - turn.s * z.s);
    //#end
  }
  let inverse = 1.0 / f32(params.slices);
  var total = 0.0;
  var slopes: array<vec2f, POINTS>;
  //#for j POINTS
  let a_${j} = inverse * ((c_${j}.x + c_${j}.y) + (c_${j}.z + c_${j}.w)) - PHI[${j}];
  let b_${j} = inverse * ((s_${j}.x + s_${j}.y) + (s_${j}.z + s_${j}.w));
  total += WEIGHT[${j}] * (a_${j} * a_${j} + b_${j} * b_${j});
  slopes[POINTS - 1u - ${j}u] = params.scale * SLOPE[${j}] * vec2f(b_${j}, a_${j});
  //#end
  statistic[n] = f32(params.slices) * total;
  //#if GRADIENT
  for (var slice = 0u; slice < s4; slice++) {
    let z = sincos4(y[n * s4 + slice] * params.dt);
    var re = vec4f();
    var im = vec4f();
    var next = vec4f();
    //#for j POINTS
    next = (re * z.c - im * z.s) + slopes[${j}].x;
    im = (re * z.s + im * z.c) + slopes[${j}].y;
    re = next;
    //#end
    y[n * s4 + slice] = re * z.c - im * z.s;
  }
  //#end
}
