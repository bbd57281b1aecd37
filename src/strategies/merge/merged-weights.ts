import { StudioError } from '../../lib/studio-error.ts'
import { addTaskVector, lerpTensor } from './combine-tensors.ts'
import type { WeightsReader } from './weights-reader.ts'

/** (1 - beta) * mine + beta * theirs; beta 0 gives mine, 1 gives theirs. */
export function averagedWeights(mine: WeightsReader, theirs: WeightsReader, beta: number): WeightsReader {
  if (!(beta >= 0 && beta <= 1)) {
    throw new StudioError('bad-input', `Beta is ${beta}.`, { hint: 'Use a number from 0 to 1.' })
  }
  return {
    async readTensor(name, signal) {
      return lerpTensor(await mine.readTensor(name, signal), await theirs.readTensor(name, signal), beta)
    },
  }
}

/** The mean of all, summed in f64 and rounded once: a uniform soup. */
export function soupWeights(parts: readonly WeightsReader[]): WeightsReader {
  if (parts.length === 0) {
    throw new StudioError('bad-input', 'A soup of no models is nothing.', { hint: 'Choose two or more.' })
  }
  return {
    async readTensor(name, signal) {
      const first = await parts[0]!.readTensor(name, signal)
      if (parts.length === 1) return first
      const sums = Float64Array.from(first)
      for (const part of parts.slice(1)) {
        const values = await part.readTensor(name, signal)
        for (let index = 0; index < sums.length; index += 1) sums[index]! += values[index]!
      }
      return Float32Array.from(sums, (sum) => sum / parts.length)
    },
  }
}

/** A difference that is added to a model: what `theirs` has learned since `common`, times `scale`. */
export interface TaskVector {
  readonly theirs: WeightsReader
  /** The weights that `theirs` was trained from. */
  readonly common: WeightsReader
  readonly scale: number
}

/** base + sum of scale * (theirs - common), the vectors added in their order. */
export function taskArithmeticWeights(base: WeightsReader, vectors: readonly TaskVector[]): WeightsReader {
  const bad = vectors.find(({ scale }) => !Number.isFinite(scale))
  if (bad) throw new StudioError('bad-input', `A scale is ${bad.scale}.`, { hint: 'Use a number.' })
  return {
    async readTensor(name, signal) {
      let sum = await base.readTensor(name, signal)
      for (const { theirs, common, scale } of vectors) {
        const [their, before] = [await theirs.readTensor(name, signal), await common.readTensor(name, signal)]
        sum = addTaskVector(sum, their, before, scale)
      }
      return sum
    },
  }
}
