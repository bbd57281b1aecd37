import { describe, expect, it } from 'vitest'
import { FusedEngine } from '../src/engine/fused/fused-engine.ts'
import { KernelRunner } from '../src/gpu/kernel-runner.ts'
import { openDevice } from '../src/gpu/open-device.ts'
import { type ModelConfig, practice, small } from '../src/model/model-config.ts'
import { syntheticBatch } from './synthetic-batch.ts'

/** GPU time of one step of the fused engine by kernel. */
const d64: ModelConfig = { name: 'd64', dim: 64, ffn: 256, layers: 2, heads: 4, vocab: 264 }
const d128: ModelConfig = { name: 'd128', dim: 128, ffn: 512, layers: 4, heads: 4, vocab: 264 }
const cases: { config: ModelConfig; sequence: number; rows: number }[] = [
  { config: small, sequence: 128, rows: 8 },
  { config: small, sequence: 1024, rows: 2 },
  { config: d64, sequence: 64, rows: 2 },
  { config: d128, sequence: 128, rows: 2 },
  { config: practice, sequence: 256, rows: 8 },
]

describe.each(cases)('$config.name, $rows x $sequence', ({ config, sequence, rows }) => {
  it('is profiled', async () => {
    const runner = new KernelRunner(await openDevice())
    const engine = new FusedEngine(config, runner)
    await engine.initialise(7)
    const request = {
      microBatches: [syntheticBatch(rows, sequence)],
      learningRate: 1e-3,
      dropout: 0,
      seed: 7,
    }
    for (let step = 0; step < 2; step += 1) await engine.step(request)
    const times = await runner.profile(() => engine.step(request))
    const total = times.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
    console.log(
      [
        `profile of ${config.name} ${rows} x ${sequence}: ${total.toFixed(1)} ms`,
        ...times.map(({ name, count, milliseconds }) => `${milliseconds.toFixed(2)} ms  ${count}  ${name}`),
      ].join('\n'),
    )
    engine.dispose()
    runner.gpu.destroy()
    expect(total).toBeGreaterThan(0)
  })
})
