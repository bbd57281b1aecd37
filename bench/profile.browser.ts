import { expect, inject, it } from 'vitest'
import {
  type BenchmarkCase,
  type BenchmarkCaseName,
  benchmarkCases,
  syntheticBatch,
} from '../src/benchmark/benchmark-case.ts'
import { median } from '../src/benchmark/median.ts'
import { FusedEngine } from '../src/engine/fused/fused-engine.ts'
import { KernelRunner } from '../src/gpu/kernel-runner.ts'
import { openDevice } from '../src/gpu/open-device.ts'
import { practice, small } from '../src/model/model-config.ts'

/**
 * GPU time of one step of the fused engine by kernel, each repeated in a pass of its own, because timestamps are coarse; the
 * fastest of several steps. What a step takes beyond their sum lies between dispatches and outside the device.
 */
const STEPS = 3
/** Milliseconds of a profiled step, and repeats at most. */
const PROFILED = 1500
const MOST_REPEATS = 40
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
  const times: number[] = []
  for (let step = 0; step < 2 * STEPS; step += 1) {
    const start = performance.now()
    await engine.step(request)
    times.push(performance.now() - start)
  }
  const repeats = Math.max(1, Math.min(MOST_REPEATS, Math.round(PROFILED / Math.min(...times))))
  const fastest = new Map<string, { count: number; milliseconds: number }>()
  for (let step = 0; step < STEPS; step += 1) {
    for (const { name, count, milliseconds } of await runner.profile(() => engine.step(request), repeats)) {
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
  const [fastestStep, medianStep] = [Math.min(...times), median(times)].map((one) => Number(one.toFixed(1)))
  const report = { profile: config.name, rows, sequence, kernelMilliseconds: Number(total.toFixed(1)) }
  console.log(JSON.stringify({ ...report, fastestStep, medianStep, kernels }))
  engine.dispose()
  runner.gpu.destroy()
  expect(total).toBeGreaterThan(0)
})
