import { expect, test } from 'vitest'
import { normalFromWord, philoxSite, philoxWords } from '../../philox.ts'
import { openTestDevice, worstDifference } from '../test-device.ts'
import { normalNoise } from './normal-noise.ts'

test('noise is that of the twin, tail included, and the same twice', async () => {
  const device = await openTestDevice()
  const stream = { seed: 7, step: 12, microBatch: 1, layer: 0, site: philoxSite.noise }
  const expected = [...philoxWords(stream, 0, 0, 17 * 256)].map(normalFromWord)
  const noise = normalNoise(device, stream, 17)
  expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(3)
  expect(await worstDifference(noise, expected)).toBeLessThan(4e-7)
  expect(await worstDifference(normalNoise(device, stream, 17), await noise.data())).toBe(0)
  device.gpu.assertHealthy()
})
