// partial[which, chunk] = sum of CHUNK values of losses[which, stride], which = 0 (cross-entropy) or 1 (SIGReg).
fn run(thread: u32) {
  let which = thread / params.chunks;
  let first = (thread % params.chunks) * params.chunk;
  let last = min(first + params.chunk, params.size);
  var sum = 0.0;
  if (which == 0u) {
    for (var i = first; i < last; i++) { sum += cross_entropy[i]; }
  }
  //#if sigreg
  if (which == 1u) {
    for (var i = first; i < last; i++) { sum += sigreg[i]; }
  }
  //#end
  partial[thread] = sum;
}
