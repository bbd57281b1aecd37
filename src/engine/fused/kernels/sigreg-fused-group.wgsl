// sigreg-fused.wgsl with a workgroup a position: a thread turns four slices at a time, then PARTS threads of each point add
// the threads' sums in order.
const PARTS = WORKGROUP / POINTS;
var<workgroup> turns: array<vec2f, WORKGROUP * POINTS>;
var<workgroup> parts: array<vec2f, WORKGROUP>;
var<workgroup> slopes: array<vec2f, POINTS>;
var<workgroup> terms: array<f32, POINTS>;

fn run(n: u32, local: u32) {
  let s4 = params.slices / 4u;
  //#for j POINTS
  var c_${j} = vec4f();
  var s_${j} = vec4f();
  //#end
  for (var slice = local; slice < s4; slice += WORKGROUP) {
    let z = sincos4(y[n * s4 + slice] * params.dt);
    var turn = z;
    //#for j POINTS
    c_${j} += turn.c;
    s_${j} += turn.s;
    turn = SinCos(turn.s * z.c + turn.c * z.s, turn.c * z.c - turn.s * z.s);
    //#end
  }
  //#for j POINTS
  turns[local * POINTS + ${j}u] = vec2f((c_${j}.x + c_${j}.y) + (c_${j}.z + c_${j}.w), (s_${j}.x + s_${j}.y) + (s_${j}.z + s_${j}.w));
  //#end
  workgroupBarrier();
  var part = vec2f();
  for (var i = local / POINTS; i < WORKGROUP; i += PARTS) { part += turns[i * POINTS + local % POINTS]; }
  parts[local] = part;
  workgroupBarrier();
  if (local < POINTS) {
    var sum = vec2f();
    for (var i = local; i < WORKGROUP; i += POINTS) { sum += parts[i]; }
    // Indexed by a variable, a constant array must be a variable.
    var phi = PHI;
    var weight = WEIGHT;
    var slope = SLOPE;
    let a = sum.x / f32(params.slices) - phi[local];
    let b = sum.y / f32(params.slices);
    terms[local] = weight[local] * (a * a + b * b);
    slopes[POINTS - 1u - local] = params.scale * slope[local] * vec2f(b, a);
  }
  workgroupBarrier();
  if (local == 0u) {
    var total = 0.0;
    for (var j = 0u; j < POINTS; j++) { total += terms[j]; }
    statistic[n] = f32(params.slices) * total;
  }
  //#if GRADIENT
  for (var slice = local; slice < s4; slice += WORKGROUP) {
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
