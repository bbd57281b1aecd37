/**
 * Element by element arithmetic of merging, on the CPU in f32: every product and every sum is rounded, and nothing is
 * fused, so that a merge is the same bits everywhere. Arrays have one length; results are new arrays.
 */

const f = Math.fround

/** (1 - beta) * mine + beta * theirs, both factors rounded to f32 first. */
export function lerpTensor(mine: Float32Array, theirs: Float32Array, beta: number): Float32Array {
  const [keep, take] = [f(1 - beta), f(beta)]
  const merged = new Float32Array(mine.length)
  for (let index = 0; index < merged.length; index += 1) {
    merged[index] = f(keep * mine[index]!) + f(take * theirs[index]!)
  }
  return merged
}

/** base + scale * (theirs - common): what `theirs` learned since `common`, added to `base`. */
export function addTaskVector(
  base: Float32Array,
  theirs: Float32Array,
  common: Float32Array,
  scale: number,
): Float32Array {
  const factor = f(scale)
  const merged = new Float32Array(base.length)
  for (let index = 0; index < merged.length; index += 1) {
    merged[index] = base[index]! + f(factor * f(theirs[index]! - common[index]!))
  }
  return merged
}
