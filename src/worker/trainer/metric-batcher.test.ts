import { expect, test } from 'vitest'
import type { MetricColumns } from '../protocol.ts'
import { createMetricBatcher } from './metric-batcher.ts'

const row = (step: number) => ({
  step,
  loss: 5 - step / 10,
  crossEntropy: 4,
  sigreg: 1,
  gradientNorm: 2,
  learningRate: 1e-3,
  tokensPerSecond: 100,
})

test('batches hold every step once, however the clock runs', () => {
  let time = 0
  const sent: MetricColumns[] = []
  const batcher = createMetricBatcher(
    (columns) => sent.push(columns),
    () => time,
  )
  for (let step = 1; step <= 100; step++) {
    time += 7
    batcher.push(row(step))
  }
  batcher.flush()
  const steps = sent.flatMap((columns) => [...columns.step])
  expect(steps).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
  // 700 ms at one message a 100 ms, and the flush.
  expect(sent.length).toBeLessThanOrEqual(8)
  expect(sent.at(-1)?.loss.at(-1)).toBe(-5)
})

test('an empty flush sends nothing', () => {
  let count = 0
  createMetricBatcher(
    () => count++,
    () => 0,
  ).flush()
  expect(count).toBe(0)
})
