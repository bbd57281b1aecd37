import { describe, expect, it } from 'vitest'
import { Schedule } from '../../../gpu/schedule.ts'
import { philoxSite, philoxWords } from '../../philox.ts'
import { KernelBench } from '../kernel-bench.ts'
import { testValues } from '../test-values.ts'
import { sampleByte } from './sample.cpu.ts'
import { sampleKernel } from './sample.ts'

const bench = await KernelBench.open('default')
const SEED = 0xfffffff1

describe.skipIf(!bench)('sampling', () => {
  // The last ids are no bytes and never drawn.
  const logits = testValues(264, 1, 3)
  logits.fill(50, 256)

  it.each([1, 0.3])('draws the bytes of the twin, temperature %d', async (temperature) => {
    const { drawn, tokens, cursor } = await draw(logits, temperature, 200)
    // A draw this close to the next byte may fall to either in f32.
    const near = (place: number) => {
      const u = philoxWords(stream, 0, place, 1)[0]! / 2 ** 32
      return softmaxSums(logits, temperature).some((sum) => Math.abs(sum - u) < 2e-5)
    }
    const expected = drawn.map((byte, place) =>
      near(place) ? byte : sampleByte(logits, temperature, SEED, place),
    )
    expect([...drawn.keys()].filter(near).length).toBeLessThan(10)
    expect(drawn).toEqual(expected)
    expect(new Set(drawn).size).toBeGreaterThan(5)
    // Room for 150 tokens, of which 3 were there.
    expect(tokens).toEqual([7, 7, 7, ...drawn.slice(0, 147)])
    expect(cursor).toEqual([202, 200])
  })

  it('takes the first of the largest at temperature 0', async () => {
    const tied = new Float32Array(264).fill(-1)
    for (const at of [0, 17, 255, 263]) {
      tied[at] = 2
      tied[255] = 2
      const { drawn } = await draw(tied, 0, 2)
      expect(drawn).toEqual([sampleByte(tied, 0, 0, 0), sampleByte(tied, 0, 0, 1)])
      tied[at] = -1
    }
  })

  it('draws bytes as often as the softmax says', async () => {
    const few = new Float32Array(256).fill(-1e4)
    const weights = [1, 2, 3, 5, 8, 13]
    weights.forEach((weight, index) => {
      few[40 * index + 5] = Math.log(weight)
    })
    const count = 1024
    const { drawn } = await draw(few, 1, count)
    const total = weights.reduce((sum, weight) => sum + weight)
    const chiSquare = weights.reduce((sum, weight, index) => {
      const expected = (count * weight) / total
      return sum + (drawn.filter((byte) => byte === 40 * index + 5).length - expected) ** 2 / expected
    }, 0)
    // One in a thousand fair draws is beyond it (5 degrees of freedom).
    expect(chiSquare).toBeLessThan(20.5)
  })
})

const stream = { seed: SEED, step: 0, microBatch: 0, layer: 0, site: philoxSite.sample }

/** Draws `count` bytes from the same logits, one dispatch after another. */
async function draw(logits: Float32Array, temperature: number, count: number) {
  const schedule = new Schedule<undefined>()
  const slices = {
    logits: schedule.kept('logits', 4 * logits.length),
    cursor: schedule.kept('cursor', 8),
    tokens: schedule.kept('tokens', 4 * 150),
    drawn: schedule.kept('drawn', 4 * count),
  }
  const params = {
    seed: SEED,
    inverse_temperature: temperature > 0 ? 1 / temperature : 0,
    positions: 150,
  }
  for (let place = 0; place < count; place += 1) schedule.add(sampleKernel, { slices, params, threads: 1 })
  const { cursor, tokens, drawn } = slices
  const inputs = [
    [slices.logits, logits],
    [cursor, Int32Array.of(2, 0)],
    [tokens, new Int32Array(150).fill(7)],
  ] as const
  const results = await bench!.run(schedule, undefined, inputs, [drawn, tokens, cursor])
  return {
    drawn: [...new Float32Array(results[0]!)],
    tokens: [...new Int32Array(results[1]!)],
    cursor: [...new Int32Array(results[2]!)],
  }
}

/** Where each byte's share of the softmax ends. */
function softmaxSums(logits: Float32Array, temperature: number): number[] {
  const weights = [...logits.subarray(0, 256)].map((logit) => Math.exp(logit / temperature))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let sum = 0
  return weights.map((weight) => {
    sum += weight / total
    return sum
  })
}
