import { describe, expect, it } from 'vitest'
import { GoldenTensors } from '../../test/golden-tensors.ts'
import { practice, small, v1 } from './model-config.ts'
import { parameterCount, parameterTable } from './parameter-table.ts'
import { trainingFlops, trainingMemory } from './training-cost.ts'

describe('parameterTable', () => {
  it('has the names, order and shapes of a file that the package saved', async () => {
    const golden = await GoldenTensors.load('v1-small/weights.init.safetensors')
    const table = parameterTable(small)
    expect(table.map(({ name }) => name)).toEqual(golden.names)
    for (const { name, shape, size } of table) {
      expect(shape, name).toEqual(golden.tensor(name).shape)
      expect(size, name).toBe(golden.tensor(name).values.length)
    }
  })

  it('sorts names by code point, "layers.10" before "layers.2"', () => {
    const names = parameterTable(v1).map(({ name }) => name)
    expect(names).toHaveLength(389)
    expect(names.indexOf('encoder.layers.10.norm_1.beta')).toBeLessThan(
      names.indexOf('encoder.layers.2.norm_1.beta'),
    )
    expect(new Set(names).size).toBe(names.length)
  })

  it('counts the parameters of the specification', () => {
    expect(parameterCount(small)).toBe(13_192)
    expect(parameterCount(v1)).toBe(1_209_684_232)
    expect(parameterCount(practice)).toBe(234_120)
  })
})

describe('training cost', () => {
  it('is close to 6 operations per parameter and token where matrices dominate', () => {
    const perToken = trainingFlops(v1, 1024, 1024) / 1024
    expect(perToken / (6 * parameterCount(v1))).toBeGreaterThan(1)
    expect(perToken / (6 * parameterCount(v1))).toBeLessThan(1.1)
    expect(trainingFlops(small, 2048, 1024)).toBe(2 * trainingFlops(small, 1024, 1024))
  })

  it('adds weights, gradients, moments and activations', () => {
    const memory = trainingMemory(v1, 1, 1024)
    expect(memory.weights).toBe(4_838_736_928)
    expect(memory.moments).toBe(2 * memory.weights)
    expect(memory.total).toBe(4 * memory.weights + memory.activations)
    expect(trainingMemory(v1, 4, 1024).activations).toBe(4 * memory.activations)
  })
})
