import { expect } from 'vitest'
import type { Engine } from '../src/engine/engine.ts'
import { GoldenTensors, maxDifference } from './golden-tensors.ts'

/** f32 on a GPU, golden README, "Tolerances". */
const WEIGHT = 5e-6

/** After some Adam steps: 99.9 % of elements within the tolerance, all within 2 * learning rate * steps. */
export async function expectGoldenWeights(
  engine: Pick<Engine, 'readTensor'>,
  path: string,
  learningRate: number,
  steps: number,
): Promise<void> {
  const golden = await GoldenTensors.load(path)
  let elements = 0
  let outside = 0
  for (const name of golden.names) {
    const expected = golden.f32(name)
    const actual = await engine.readTensor(name)
    expect(maxDifference(actual, expected), name).toBeLessThanOrEqual(2 * learningRate * steps)
    elements += expected.length
    outside += expected.filter((value, index) => Math.abs(value - actual[index]!) > WEIGHT).length
  }
  expect(outside / elements).toBeLessThanOrEqual(0.001)
}
