// One byte from next-token logits, as sampleByte in sample.cpu.ts: the first of the largest where inverse_temperature is 0,
// else by softmax(logits * inverse_temperature) with number cursor[1] of the seed's stream. The byte is put after position
// cursor[0] of the tokens, if there is room, and into drawn; the cursor moves on, so that a next forward pass can follow.
const BYTES = 256u;
const SITE = 5u;

fn run(thread: u32) {
  var byte = 0u;
  for (var i = 1u; i < BYTES; i++) {
    if (logits[i] > logits[byte]) { byte = i; }
  }
  let highest = logits[byte];
  let at = cursor[0];
  let place = u32(cursor[1]);
  if (params.inverse_temperature > 0.0) {
    var total = 0.0;
    for (var i = 0u; i < BYTES; i++) { total += exp((logits[i] - highest) * params.inverse_temperature); }
    let word = philox(place >> 2u, 0u, 0u, SITE, params.seed, 0u)[place & 3u];
    var left = f32(word) * 2.3283064365386963e-10 * total;
    for (var i = 0u; i < BYTES; i++) {
      left -= exp((logits[i] - highest) * params.inverse_temperature);
      if (left < 0.0) {
        byte = i;
        break;
      }
    }
  }
  if (at + 1 < i32(params.positions)) { tokens[at + 1] = i32(byte); }
  drawn[place % arrayLength(&drawn)] = f32(byte);
  cursor[0] = at + 1;
  cursor[1] = i32(place) + 1;
}
