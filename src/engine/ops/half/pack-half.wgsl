// Four f32 as two words of two f16. What f16 cannot hold becomes its largest number, since packing it is undefined.
fn run(thread: u32) {
  let four = clamp(x[thread], vec4f(-65504.0), vec4f(65504.0));
  y[thread] = vec2u(pack2x16float(four.xy), pack2x16float(four.zw));
}
