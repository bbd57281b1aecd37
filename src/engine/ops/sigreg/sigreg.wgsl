// Protocol 8.7 for one position a thread. With C_j, S_j the means over the slices of cos(y t_j), sin(y t_j):
// statistic[n] = slices * sum_j w_j ((C_j - phi_j)^2 + S_j^2), and slopes[n, j] holds its derivative with respect
// to y as the factors of cos(y t_j) and sin(y t_j). Points j = 1 .. POINTS; t_0 = 0 adds nothing.
// One sincos for each (position, slice), then rotations by its angle.
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
  //#for j POINTS
  let a_${j} = inverse * ((c_${j}.x + c_${j}.y) + (c_${j}.z + c_${j}.w)) - PHI[${j}];
  let b_${j} = inverse * ((s_${j}.x + s_${j}.y) + (s_${j}.z + s_${j}.w));
  total += WEIGHT[${j}] * (a_${j} * a_${j} + b_${j} * b_${j});
  slopes[n * POINTS + ${j}u] = SLOPE[${j}] * vec2f(b_${j}, -a_${j});
  //#end
  statistic[n] = f32(params.slices) * total;
}
