import { expect, inject, it } from 'vitest'
import {
  type BenchmarkCase,
  type BenchmarkCaseName,
  benchmarkCases,
  syntheticBatch,
} from '../src/benchmark/benchmark-case.ts'
import { FusedEngine } from '../src/engine/fused/fused-engine.ts'
import { KernelRunner } from '../src/gpu/kernel-runner.ts'
import { openDevice } from '../src/gpu/open-device.ts'
import { practice, small } from '../src/model/model-config.ts'

/** GPU time of one step of the fused engine by kernel; the fastest of several steps, each kernel by itself. */
const STEPS = 5
const cases: BenchmarkCase[] = [
  ...Object.values(benchmarkCases),
  { config: small, sequence: 128, rows: 8 },
  { config: small, sequence: 1024, rows: 2 },
  { config: practice, sequence: 256, rows: 8 },
]
const only = inject('benchmarkCase')
const chosen = only ? [benchmarkCases[only as BenchmarkCaseName]] : cases

it.each(chosen)('profiles $config.name', async ({ config, rows, sequence }) => {
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
  const fastest = new Map<string, { count: number; milliseconds: number }>()
  for (let step = 0; step < STEPS; step += 1) {
    for (const { name, count, milliseconds } of await runner.profile(() => engine.step(request))) {
      const best = Math.min(milliseconds, fastest.get(name)?.milliseconds ?? Number.POSITIVE_INFINITY)
      fastest.set(name, { count, milliseconds: best })
    }
  }
  const total = [...fastest.values()].reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  const kernels = [...fastest]
    .sort(([, a], [, b]) => b.milliseconds - a.milliseconds)
    .map(([name, { count, milliseconds }]) => ({
      name,
      count,
      milliseconds: Number(milliseconds.toFixed(2)),
      share: Number((milliseconds / total).toFixed(3)),
    }))
  const report = { profile: config.name, rows, sequence, milliseconds: Number(total.toFixed(1)), kernels }
  console.log(JSON.stringify(report))
  engine.dispose()
  runner.gpu.destroy()
  expect(total).toBeGreaterThan(0)
})
