import { expect } from 'vitest'
import { small } from '../model/model-config.ts'
import { createReferenceEngine } from './create-reference-engine.ts'
import { createTapeEngine } from './create-tape-engine.ts'
import type { Engine } from './engine.ts'
import { createFusedEngine } from './fused/create-fused-engine.ts'
import { openTestDevice } from './ops/test-device.ts'
import { textBatch } from './text-batches.fixture.ts'

const ROWS = 4
const SEQUENCE = 32
/** What rounding may add up to over hundreds of steps of Adam, nats. */
const CURVES = 1e-3
/** Steps that the oracle plays along, at about a second each. */
const ORACLE_STEPS = 10

/**
 * Trains v1-small with the fused engine, with the reference (tape over our kernels) and for ten steps with plain
 * TensorFlow.js operations, from the same weights on the same windows, and expects one loss curve.
 */
export async function expectOneLossCurve(steps: number): Promise<void> {
  const device = await openTestDevice()
  const fused = createFusedEngine(small, device.gpu)
  const reference = createTapeEngine(small, device)
  const oracle = createReferenceEngine(small)
  for (const engine of [fused, reference, oracle]) await engine.initialise(5)
  const losses: number[] = []
  for (let step = 1; step <= steps; step += 1) {
    const next = (engine: Engine) => stepLoss(engine, step)
    const loss = await next(fused)
    losses.push(loss)
    expect(Math.abs(loss - (await next(reference))), `reference, step ${step}`).toBeLessThanOrEqual(CURVES)
    if (step > ORACLE_STEPS) continue
    expect(Math.abs(loss - (await next(oracle))), `oracle, step ${step}`).toBeLessThanOrEqual(CURVES)
  }
  expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.5)
  for (const engine of [fused, reference, oracle]) engine.dispose()
}

async function stepLoss(engine: Engine, step: number): Promise<number> {
  const microBatches = [textBatch(step, ROWS, SEQUENCE)]
  const result = await engine.step({ microBatches, learningRate: 3e-3, dropout: 0, seed: 9 })
  return result.loss
}
