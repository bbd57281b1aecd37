import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTrainingEngine } from '../../src/engine/create-training-engine.ts'
import { openDevice } from '../../src/gpu/open-device.ts'
import { openTfjsDevice, type TfjsDevice } from '../../src/gpu/tfjs-device.ts'
import { effects } from './effects.ts'
import { type Lab, openLab } from './lab.ts'

/*
 * Mechanism and direction of strategies from the committed weights of the small world, in runs of a few steps: those that no end
 * to end test asserts through the page (coverage.ts). The margins are several times the spread over seeds, which
 * `npm run strategies -- margins` measures; placing is in placing.test.ts.
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
  const here = effects.filter(({ through }) => through === undefined)
  it.each(here)('$id: $claim', async ({ values, tested, margin }) => {
    for (const value of await values(lab, tested)) expect(value).toBeGreaterThan(margin)
  })
})
