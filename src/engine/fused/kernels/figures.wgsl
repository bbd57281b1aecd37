// figures[which] = scale of that loss * sum of partial[which, chunks], added to what is there where `accumulate` is 1.
fn run(which: u32) {
  var sum = 0.0;
  for (var i = 0u; i < params.chunks; i++) { sum += partial[which * params.chunks + i]; }
  sum *= select(params.cross_entropy_scale, params.sigreg_scale, which == 1u);
  figures[which] = select(sum, sum + figures[which], params.accumulate == 1u);
}
