import { describe, expect, it } from 'vitest'
import { type ModelConfig, practice, small, v1 } from '../../model/model-config.ts'
import { trainingMemory } from '../../model/training-cost.ts'
import { planEvaluation } from './inference-plan.ts'
import { modelBytes, modelRegions } from './model-regions.ts'
import { planOptimizer } from './optimizer-plan.ts'
import { parameterLayout } from './parameter-layout.ts'
import type { Plan } from './plan.ts'
import { tokenOrder } from './token-order.ts'
import { planTraining } from './training-plan.ts'

const d64: ModelConfig = { name: 'd64', dim: 64, ffn: 256, layers: 2, heads: 4, vocab: 264 }
const d128: ModelConfig = { name: 'd128', dim: 128, ffn: 512, layers: 4, heads: 4, vocab: 264 }
const LIMIT = 2 ** 30

function plans(config: ModelConfig, rows: number, sequence: number, dropout = false) {
  const model = modelRegions(parameterLayout(config, LIMIT))
  const shape = { rows, sequence, dropout, positions: false }
  const training = planTraining(config, model, shape, false)
  const optimizer = planOptimizer(model)
  const { resting, training: moments } = modelBytes(model)
  return {
    training,
    evaluation: planEvaluation(config, model, shape, true),
    dispatches: training.schedule.dispatches.length + optimizer.schedule.dispatches.length,
    bytes: resting + moments + training.bytes + optimizer.bytes,
  }
}

/** Buffers that a dispatch both reads and writes. */
function conflicts({ schedule, placement }: Plan): number {
  return schedule.dispatches.filter(({ kernel, bound, slices }) => {
    const place = (name: string) => placement.places.get(slices[name]!.region) ?? slices[name]!.region
    const reads = bound.filter((name) => kernel.bindings[name]!.startsWith('read '))
    const writes = bound.filter((name) => !reads.includes(name))
    return writes.some((name) => reads.map(place).includes(place(name)))
  }).length
}

describe('training plan', () => {
  it.each([
    [d64, 2, 64, 85, 6e6],
    [d128, 2, 128, 160, 30e6],
  ] as const)('of %o keeps to its bounds', (config, rows, sequence, dispatches, bytes) => {
    const plan = plans(config, rows, sequence)
    expect(plan.dispatches).toBeLessThanOrEqual(dispatches)
    expect(plan.bytes).toBeLessThanOrEqual(bytes)
  })

  it.each([small, practice, d128])('of %o never reads the buffer that it writes', (config) => {
    const { training, evaluation } = plans(config, 3, 65, true)
    expect(conflicts(training)).toBe(0)
    expect(conflicts(evaluation)).toBe(0)
  })

  it('grows in proportion to the rows', () => {
    const [two, four, eight] = [2, 4, 8].map((rows) => plans(practice, rows, 256).training.bytes)
    expect((eight! - four!) / (four! - two!)).toBeCloseTo(2, 1)
  })

  it.each([
    [small, 8, 128],
    [practice, 8, 256],
    [d128, 8, 256],
    [v1, 1, 1024],
  ] as const)('of %o is what the estimate on the screen says, within 5 %%', (config, rows, sequence) => {
    const estimate = trainingMemory(config, rows, sequence).total
    expect(Math.abs(plans(config, rows, sequence).bytes / estimate - 1)).toBeLessThan(0.05)
  })

  it('takes far less without gradients', () => {
    const { training, evaluation } = plans(practice, 8, 256)
    expect(evaluation.bytes).toBeLessThan(training.bytes / 3)
  })
})

describe('parameter layout', () => {
  it('starts every group at a multiple of 256 and joins query, key and value', () => {
    const { places, slabs, table } = parameterLayout(small, LIMIT)
    const at = (name: string) => places.get(`encoder.layers.1.attention.${name}`)!
    expect(at('qkv.weight')).toMatchObject({ slab: 0, offset: at('query.weight').offset, bytes: 3 * 4 * 256 })
    expect(at('key.weight').offset - at('query.weight').offset).toBe(4 * 256)
    expect(at('value.bias').offset - at('query.bias').offset).toBe(2 * 4 * 16)
    for (const [name, { offset }] of places) {
      if (!/\.(key|value)\./.test(name)) expect(offset % 256, name).toBe(0)
    }
    const ends = table.map(({ name }) => places.get(name)!.offset + places.get(name)!.bytes)
    expect(slabs).toEqual([Math.max(...ends)])
  })

  it('spreads over slabs within the limit, and refuses a group that fits none', () => {
    const { slabs } = parameterLayout(small, 20_000)
    expect(slabs.length).toBeGreaterThan(1)
    expect(Math.max(...slabs)).toBeLessThanOrEqual(20_000)
    expect(() => parameterLayout(small, 10_000)).toThrow('does not fit into one buffer')
  })
})

describe('tokenOrder', () => {
  it('groups positions by token, ascending', () => {
    const { order, starts } = tokenOrder(Int32Array.of(2, 0, 2, 3, 0), 5)
    expect([...order]).toEqual([1, 4, 0, 2, 3])
    expect([...starts]).toEqual([0, 2, 2, 4, 5, 5])
  })
})
