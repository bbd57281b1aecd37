import { expect, test } from 'vitest'
import { memoryVault } from '../../weights/memory-vault.ts'
import { loadMetrics, saveMetrics } from './checkpoint-extra.ts'

const row = (step: number) => ({
  step,
  loss: 5,
  crossEntropy: 4,
  sigreg: 1,
  gradientNorm: 2,
  learningRate: 1e-3,
  tokensPerSecond: 100,
})

test('a curve comes back up to a step, with the parts of distillation where there are some', async () => {
  const vault = memoryVault()
  const rows = [row(1), { ...row(2), embeddingError: 0.5, logitDivergence: 0.25 }, row(3)]
  await saveMetrics(vault, 'r', rows)
  expect(await loadMetrics(vault, 'r', 2)).toEqual(rows.slice(0, 2))
})

test('a curve from before distillation had columns is read as it was written', async () => {
  const old = new Float64Array([1, 2].flatMap((step) => Object.values(row(step))))
  const files = new Map([['runs/r/metrics.f64', new Uint8Array(old.buffer)]])
  expect(await loadMetrics(memoryVault(files), 'r', 9)).toEqual([row(1), row(2)])
})
