import { expect, it } from 'vitest'
import { type BenchmarkCase, trainerInput } from '../src/benchmark/benchmark-case.ts'
import { engineTrainer } from '../src/benchmark/engine-trainer.ts'
import { median } from '../src/benchmark/median.ts'
import { createFusedEngine } from '../src/engine/fused/create-fused-engine.ts'
import { openDevice } from '../src/gpu/open-device.ts'
import { logSlope } from './log-slope.ts'

/** Sizes along one axis; the others stay at the base. */
const base = { dim: 64, layers: 2, rows: 4, sequence: 64 }
const axes: Record<keyof typeof base, readonly number[]> = {
  dim: [32, 64, 128, 256],
  layers: [1, 2, 4, 8],
  rows: [2, 4, 8, 16],
  sequence: [64, 128, 256, 512],
}
const WARM_UP = 2
const STEPS = 3

it.each(Object.keys(axes) as (keyof typeof base)[])('grows with %s', async (axis) => {
  const gpu = await openDevice()
  const points: { size: number; seconds: number; bytes: number }[] = []
  for (const size of axes[axis]) {
    const sizes: typeof base = { ...base }
    sizes[axis] = size
    const { dim, layers, rows, sequence } = sizes
    const config = { name: `d${dim}`, dim, ffn: 4 * dim, layers, heads: 4, vocab: 264 }
    points.push({ size, ...(await measure({ config, rows, sequence }, gpu)) })
    console.log(`# growth with ${axis} ${size}`)
  }
  const slope = (value: 'seconds' | 'bytes') =>
    Number(logSlope(points.map((point) => ({ x: point.size, y: point[value] }))).toFixed(2))
  const growth = { axis, base, points, slopes: { seconds: slope('seconds'), bytes: slope('bytes') } }
  console.log(JSON.stringify(growth))
  gpu.destroy()
  expect(points.length).toBe(axes[axis].length)
})

async function measure(job: BenchmarkCase, gpu: Awaited<ReturnType<typeof openDevice>>) {
  const engine = createFusedEngine(job.config, gpu)
  const trainer = await engineTrainer('fused', engine, trainerInput(job, WARM_UP + STEPS))
  const times: number[] = []
  for (let step = 1; step <= WARM_UP + STEPS; step += 1) {
    const start = performance.now()
    await trainer.step(step)
    await gpu.device.queue.onSubmittedWorkDone()
    if (step > WARM_UP) times.push((performance.now() - start) / 1000)
  }
  const bytes = engine.memoryBytes()
  trainer.dispose()
  return { seconds: Number(median(times).toPrecision(4)), bytes }
}
