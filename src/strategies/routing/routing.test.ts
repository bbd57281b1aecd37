import { describe, expect, it } from 'vitest'
import { normalArray } from '../../arrgen/normal-array.ts'
import { createRouter } from '../../practice/core/routing.ts'
import { cosineDistance } from '../cosine-distance.ts'
import { cpuCosines } from './cosine-source.ts'
import { type ForecastModel, forecastRouting, shareOf } from './forecast-routing.ts'
import { forecastTarget } from './forecast-targets.ts'
import { predictWins } from './predict-wins.ts'
import { doublingStakes, positionsAlong } from './scenarios.ts'

const openCosines = async (embeddings: readonly Float32Array[]) => cpuCosines(embeddings)
const others = (count: number, dim: number): ForecastModel[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `m${index}`,
    embedding: normalArray(BigInt(1000 + index), dim),
    stake: BigInt(10 ** 9 * (1 + (index % 5))),
  }))

describe('forecastRouting', () => {
  it('assigns exactly as the network routes, rivals in its order', async () => {
    const [dim, count, mine] = [256, 30, normalArray(7n, 256)]
    const models = others(count, dim)
    const stake = 4_000_000_000n
    const [made] = await forecastRouting(
      { others: models, positions: [mine], scenarios: [{ position: 0, stake }], targets: 300, seed: 5 },
      { openCosines },
    )
    const route = createRouter([...models, { id: 'mine', embedding: mine, stake }] as never)
    const expected = Array.from({ length: 300 }, (_, target) => ({
      target,
      models: route(forecastTarget(5, target, dim), 3) as string[],
    })).filter((one) => one.models.includes('mine'))
    expect(made!.assigned).toEqual(
      expected.map((one) => ({
        target: one.target,
        rivals: one.models.filter((id) => id !== 'mine').map((id) => Number(id.slice(1))),
      })),
    )
    expect(made!.share).toBe(expected.length / 300)
    expect(expected.length).toBeGreaterThan(10)
  })

  it('tells targets near data apart, as the network routes them', async () => {
    const [dim, total, mine, stake] = [32, 200, normalArray(7n, 32), 2_000_000_000n]
    const models = others(9, dim)
    const near = [normalArray(70n, dim), normalArray(71n, dim)]
    const [made] = await forecastRouting(
      {
        others: models,
        positions: [mine],
        scenarios: [{ position: 0, stake }],
        targets: total,
        seed: 5,
        near,
      },
      { openCosines },
    )
    const route = createRouter([...models, { id: 'mine', embedding: mine, stake }] as never)
    const drawn = Array.from({ length: total }, (_, target) => forecastTarget(5, target, dim))
    const reach = (target: Float32Array) => Math.min(...near.map((one) => cosineDistance(one, target)))
    const sorted = [...drawn].sort((a, b) => reach(a) - reach(b))
    const asked = (some: Float32Array[]) =>
      some.filter((target) => (route(target, 3) as string[]).includes('mine')).length / some.length
    expect(made!.near!.here.share).toBeCloseTo(asked(sorted.slice(0, 20)), 12)
    expect(made!.near!.elsewhere.share).toBeCloseTo(asked(sorted.slice(20)), 12)
  })

  it('agrees with symmetry: equal models share equally, and more stake or room draws more', async () => {
    const dim = 64
    const equal = others(9, dim).map((model) => ({ ...model, stake: 10n ** 9n }))
    const crowd = equal[0]!.embedding
    const positions = [normalArray(77n, dim), crowd]
    const forecast = await forecastRouting(
      {
        others: equal,
        positions,
        scenarios: [
          { position: 0, stake: 10n ** 9n },
          { position: 0, stake: 4n * 10n ** 9n },
          { position: 0, stake: 0n },
          { position: 1, stake: 10n ** 9n },
        ],
        targets: 2000,
        seed: 1,
      },
      { openCosines },
    )
    const [same, richer, none, crowded] = forecast
    // Ten models of one stake, three a target: 0.3, but for where the directions happen to lie.
    expect(Math.abs(same!.share - 0.3)).toBeLessThan(0.1)
    expect(same!.low).toBeLessThan(same!.share)
    expect(same!.high).toBeGreaterThan(same!.share)
    expect(richer!.low).toBeGreaterThan(same!.high)
    expect(none!.share).toBe(0)
    expect(crowded!.share).toBeLessThanOrEqual(same!.high)
  })

  it('is assigned everything where fewer models than places are active, and stops when told', async () => {
    const request = {
      others: others(2, 16),
      positions: [normalArray(3n, 16)],
      scenarios: [{ position: 0, stake: 1n }],
      targets: 500,
      seed: 0,
    }
    const [made] = await forecastRouting(request, { openCosines })
    expect(made!.share).toBe(1)
    expect(made!.assigned[0]!.rivals).toHaveLength(2)
    const stop = new AbortController()
    const stopped = forecastRouting(request, {
      openCosines,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
    await expect(
      forecastRouting({ ...request, positions: [normalArray(3n, 8)] }, { openCosines }),
    ).rejects.toThrow(/one dimension/)
  })
})

describe('shareOf', () => {
  it('is the Wilson interval', () => {
    // 10 of 100: 0.0552 to 0.1744, as tables give it.
    const { low, high } = shareOf(10, 100)
    expect(low).toBeCloseTo(0.0552, 4)
    expect(high).toBeCloseTo(0.1744, 4)
    expect(shareOf(0, 50)).toMatchObject({ share: 0, low: 0 })
  })
})

describe('predictWins', () => {
  it('counts a win only where every rival is known to be worse', () => {
    const dim = 8
    const target = forecastTarget(0, 4, dim)
    const far = target.map((value) => -value)
    const rivals = [{ id: 'a' }, { id: 'b' }]
    const data = [
      { embedding: target, losses: { me: 1, a: 2, b: 3 } },
      { embedding: target, losses: { me: 1, a: 2 } },
      { embedding: target, losses: { me: 3, a: 2 } },
      { embedding: far, losses: { me: 9, a: 1, b: 1 } },
      { embedding: target, losses: { a: 1, b: 1 } },
    ]
    const predict = (nearest: number) =>
      predictWins([{ target: 4, rivals: [0, 1] }], {
        mineId: 'me',
        others: rivals,
        data,
        seed: 0,
        dim,
        nearest,
      })
    expect(predict(3)).toEqual({ low: 1 / 3, high: 2 / 3, known: 1 - 1 / 3, comparisons: 3 })
    expect(predict(10)!.comparisons).toBe(4)
    const many = Array.from({ length: 9 }, (_, index) => ({ target: index, rivals: [] }))
    const few = predictWins(many, {
      mineId: 'me',
      others: rivals,
      data,
      seed: 0,
      dim,
      nearest: 1,
      mostTargets: 3,
    })
    expect(few).toEqual({ low: 1, high: 1, known: 1, comparisons: 3 })
    expect(predictWins([], { mineId: 'me', others: rivals, data, seed: 0, dim })).toBeUndefined()
  })
})

describe('scenarios', () => {
  it('walks an arc at equal angles, and doubles stakes', () => {
    const path = positionsAlong(Float32Array.of(3, 0), Float32Array.of(0, 5), 3)
    expect([...path[0]!, ...path[2]!]).toEqual([1, 0, 0, 1].map((value) => expect.closeTo(value, 6)))
    expect(path[1]![0]).toBeCloseTo(Math.SQRT1_2, 6)
    expect(positionsAlong(Float32Array.of(1, 1), Float32Array.of(2, 2), 2)[1]![1]).toBeCloseTo(
      Math.SQRT1_2,
      6,
    )
    expect(doublingStakes(1, 2n, 9n)).toEqual([2n, 4n, 8n].map((stake) => ({ position: 1, stake })))
  })
})
