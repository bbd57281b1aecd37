import * as tf from '@tensorflow/tfjs'
import { test } from 'vitest'
import { type ModelConfig, practice, small } from '../../model/model-config.ts'
import { TfjsEngine } from '../tfjs-engine.ts'
import { createRawOps } from './raw-ops.ts'
import { openTestDevice } from './test-device.ts'

const runs: [ModelConfig, number, number][] = [
  [small, 1024, 2],
  [small, 128, 8],
  [practice, 256, 8],
]
test('bench', async () => {
  const device = await openTestDevice()
  const out: string[] = []
  for (const [config, sequence, rows] of runs) {
    const engine = new TfjsEngine(config, createRawOps(device), { passTokens: 8192 })
    await engine.initialise(1)
    const n = rows * sequence
    const tokens = Int32Array.from({ length: n }, (_, i) => (i * 7919) % 251)
    const targets = Int32Array.from({ length: n }, (_, i) =>
      i % sequence === sequence - 1 ? 256 : ((i + 1) * 7919) % 251,
    )
    const batch = { tokens, targets, rows, sequence }
    const times: number[] = []
    let before = engine.counters()
    for (let s = 0; s < 4; s += 1) {
      before = engine.counters()
      const t = performance.now()
      const r = await engine.step({ microBatches: [batch], learningRate: 1e-3, dropout: 0, seed: 1 })
      times.push(performance.now() - t)
      if (s === 3) out.push(`loss ${r.loss} norm ${r.gradientNorm}`)
    }
    const after = engine.counters()
    const one = {
      tokens: tokens.subarray(0, sequence),
      targets: targets.subarray(0, sequence),
      rows: 1,
      sequence,
    }
    await engine.evaluate(one)
    const t = performance.now()
    await engine.evaluate(one)
    const ev = performance.now() - t
    out.push(
      `${config.name} ${sequence}x${rows}: steps ${times.map((x) => x.toFixed(0)).join(' ')} ms, forward one ${ev.toFixed(0)} ms, dispatches ${after.dispatches - before.dispatches} submits ${after.submits - before.submits} tensors ${tf.memory().numTensors} bytes ${device.memoryBytes()}`,
    )
    const profile = await device.profile(async () => {
      await engine.step({ microBatches: [batch], learningRate: 1e-3, dropout: 0, seed: 1 })
    })
    out.push(
      `gpu total ${profile.reduce((a, b) => a + b.milliseconds, 0).toFixed(1)}\n` +
        profile
          .slice(0, 24)
          .map((p) => `   ${p.name} x${p.count} ${p.milliseconds.toFixed(2)}`)
          .join('\n'),
    )
    engine.dispose()
  }
  device.gpu.assertHealthy()
  console.log(out.join('\n'))
}, 300000)
