// dy[n, slice] = scale * upstream * sum_j (slopes[n, j].x cos(y t_j) + slopes[n, j].y sin(y t_j)): the real part of
// a polynomial in z = cos + i sin of the first angle, by Horner's rule from
// the last point down (a_0 is the last point's). A thread owns BLOCKS x 4 slices of a position.
fn run(thread: u32) {
  let s4 = params.slices / 4u;
  let parts = (s4 + BLOCKS - 1u) / BLOCKS;
  let n = thread / parts;
  let first = (thread % parts) * BLOCKS;
  let factor = params.scale * upstream[0];
  //#for j POINTS
  let a_${j} = slopes[n * POINTS + (POINTS - 1u - ${j}u)] * factor;
  //#end
  for (var slice = first; slice < min(first + BLOCKS, s4); slice++) {
    let z = sincos4(y[n * s4 + slice] * params.dt);
    var re = vec4f();
    var im = vec4f();
    //#for j POINTS
    let re_${j} = (re * z.c - im * z.s) + a_${j}.x;
    im = (re * z.s + im * z.c) - a_${j}.y;
    re = re_${j};
    //#end
    dy[n * s4 + slice] = re * z.c - im * z.s;
  }
}
