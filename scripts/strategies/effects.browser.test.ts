import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTrainingEngine } from '../../src/engine/create-training-engine.ts'
import { openDevice } from '../../src/gpu/open-device.ts'
import { openTfjsDevice, type TfjsDevice } from '../../src/gpu/tfjs-device.ts'
import { middleCost, runAveraging } from './averaging.ts'
import { lastOf, runDistilling } from './distilling.ts'
import { endsOf, runFineTuning } from './fine-tuning.ts'
import { type Lab, openLab } from './lab.ts'
import { runSoups } from './soups.ts'
import { runSpecialising } from './specialising.ts'
import { runUpdating } from './updating.ts'

/*
 * Mechanism and direction of each strategy from the committed weights of the small world, in runs of a few steps. Sizes and
 * spreads are measured by `npm run strategies`.
 */

let device: TfjsDevice
let lab: Lab
beforeAll(async () => {
  device = await openTfjsDevice(await openDevice())
  lab = await openLab({
    async read(path) {
      const answer = await fetch(`/worlds/small/${path}`)
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
      return new Uint8Array(await answer.arrayBuffer())
    },
    openEngine: (config) => createTrainingEngine(config, device),
  })
})
afterAll(() => device.dispose())

describe('on the small world', () => {
  it('fine-tuning ends below the leader on held-out data of its region', async () => {
    const { leaderLoss, curves } = await runFineTuning(lab, { seeds: [1, 2], steps: 8, arms: ['leader'] })
    for (const loss of endsOf(curves.leader)) expect(loss).toBeLessThan(leaderLoss - 0.1)
  })

  it('distillation brings the embedding closer to the teacher than training alone', async () => {
    const { curves } = await runDistilling(lab, {
      seeds: [1, 2],
      steps: 12,
      arms: ['alone', 'strong'],
    })
    const [alone, near] = [lastOf(curves.alone, 'distance'), lastOf(curves.strong, 'distance')]
    for (const [index, distance] of near.entries()) expect(distance).toBeLessThan(alone[index]! - 0.05)
  })

  it('averaging moves between relatives, and forgets both between strangers', async () => {
    const { related, stranger } = await runAveraging(lab, { seeds: [1], steps: 25, betas: [0, 0.5, 1] })
    const [mine, middle, theirs] = related[0]!.points
    expect(mine!.losses['own']).toBeLessThan(theirs!.losses['own']! - 0.1)
    expect(theirs!.losses['network']).toBeLessThan(mine!.losses['network']! - 0.1)
    for (const data of ['own', 'network']) {
      const ends = [mine!.losses[data]!, theirs!.losses[data]!]
      expect(middle!.losses[data]).toBeLessThan(Math.max(...ends))
    }
    expect(middleCost(stranger.sweep.points)).toBeGreaterThan(2)
    expect(middleCost(related[0]!.points)).toBeLessThan(2)
  })

  it('a greedy soup leaves a stranger out that spoils a uniform one', async () => {
    const { test, taken, stranger } = await runSoups(lab, { seeds: [1, 2], steps: 8 })
    expect(taken).not.toContain(stranger)
    expect(test.withStranger).toBeGreaterThan(Math.max(...test.members) + 0.5)
    expect(test.greedy).toBeLessThan(test.leader)
  })

  it('specialising in a gap wins targets in the following epoch, where the untouched model wins none', async () => {
    const made = await runSpecialising(lab, {
      seeds: [1],
      steps: 40,
      epochs: 1,
      submissions: 12,
      perRegion: 1,
      control: false,
    })
    expect(made.gap).not.toBe(made.ownCorpus)
    expect(made.untouched.all).toBe(0)
    expect(made.specialised[0]!.all).toBeGreaterThanOrEqual(2)
  })

  it('an embedding of won data is registered by commit and reveal and changes what is forecast', async () => {
    const { updates } = await runUpdating(lab, { epochs: 0, submissions: 0, targets: 500, models: 1 })
    const [{ degrees, forecastBefore, forecastAfter }] = updates as [(typeof updates)[0]]
    expect(degrees).toBeGreaterThan(1)
    expect(forecastAfter).not.toBe(forecastBefore)
  })
})
