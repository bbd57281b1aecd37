import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { goldenModels, goldenTraining, loadGoldenWeights } from '../../test/golden-models.ts'
import { GoldenTensors, maxDifference } from '../../test/golden-tensors.ts'
import type { ModelConfig } from '../model/model-config.ts'
import { createReferenceEngine } from './create-reference-engine.ts'
import type { Engine, StepRequest } from './engine.ts'
import { createPlainOps } from './plain-ops.ts'
import { TfjsEngine } from './tfjs-engine.ts'

const tiny: ModelConfig = goldenModels['tiny-42'].config
const QUERY = 'encoder.layers.1.attention.query.weight'

beforeAll(() => tf.setBackend('cpu'))

async function tinyEngine(): Promise<Engine> {
  const engine = createReferenceEngine(tiny)
  await engine.initialise(3)
  return engine
}

/** Two rows of eight tokens. */
function request(change: Partial<StepRequest> = {}): StepRequest {
  const tokens = Int32Array.from({ length: 16 }, (_, index) => (7 * index) % 256)
  const targets = tokens.map((_, index) => (index % 8 === 7 ? 256 : tokens[index + 1]!))
  return {
    microBatches: [{ tokens, targets, rows: 2, sequence: 8 }],
    learningRate: 1e-2,
    dropout: 0,
    seed: 5,
    ...change,
  }
}

describe('weights', () => {
  it('are the same for the same seed, and spread as PyTorch spreads them', async () => {
    const [one, same, other] = (await Promise.all(
      [3, 3, 4].map(async (seed) => {
        const engine = createReferenceEngine(goldenModels['v1-mid'].config)
        await engine.initialise(seed)
        return engine.readTensor(QUERY)
      }),
    )) as [Float32Array, Float32Array, Float32Array]
    expect(one).toEqual(same)
    expect(one).not.toEqual(other)
    const bound = 1 / Math.sqrt(64)
    expect(Math.max(...one)).toBeLessThanOrEqual(bound)
    expect(Math.max(...one)).toBeGreaterThan(0.99 * bound)
    expect(Math.abs(one.reduce((sum, value) => sum + value, 0) / one.length)).toBeLessThan(0.05 * bound)
  })

  it('come back as they were written, and wrong ones are refused by name', async () => {
    const engine = await tinyEngine()
    const values = Float32Array.from({ length: 16 }, (_, index) => index / 3)
    engine.writeTensor(QUERY, values)
    expect(await engine.readTensor(QUERY)).toEqual(values)
    expect(() => engine.writeTensor(QUERY, new Float32Array(15))).toThrow(
      `${QUERY} has 15 values instead of 16`,
    )
    expect(() => engine.writeTensor('head.weight', values)).toThrow(/no tensor named head.weight/)
    await expect(engine.readTensor('head.weight')).rejects.toThrow(/head.weight/)
  })
})

describe('step', () => {
  it('continues exactly from saved weights, moments and step count', async () => {
    const first = await tinyEngine()
    await first.step(request({ dropout: 0.2 }))
    const second = createReferenceEngine(tiny)
    const names = (await GoldenTensors.load('scoring/weights.tiny-42.safetensors')).names
    for (const name of names) {
      second.writeTensor(name, await first.readTensor(name))
      second.writeMoments(name, await first.readMoments(name))
    }
    second.setStepCount(first.stepCount)
    expect(await second.step(request({ dropout: 0.2 }))).toEqual(await first.step(request({ dropout: 0.2 })))
    for (const name of names) expect(await second.readTensor(name)).toEqual(await first.readTensor(name))
  })

  it('drops by the seed, the step and the micro-batch', async () => {
    const loss = async (change: Partial<StepRequest>, steps = 0) => {
      const engine = await tinyEngine()
      engine.setStepCount(steps)
      return (await engine.step(request(change))).crossEntropy
    }
    const plain = await loss({})
    const dropped = await loss({ dropout: 0.5 })
    expect(dropped).not.toBe(plain)
    expect(await loss({ dropout: 0.5 })).toBe(dropped)
    expect(await loss({ dropout: 0.5, seed: 6 })).not.toBe(dropped)
    expect(await loss({ dropout: 0.5 }, 1)).not.toBe(dropped)
    const [batch] = request().microBatches
    expect(await loss({ dropout: 0.5, microBatches: [batch!, batch!] })).not.toBe(dropped)
    expect(await loss({ microBatches: [batch!, batch!] })).toBeCloseTo(plain, 5)
  })

  it('learns a repeated batch and keeps unused embedding rows still', async () => {
    const engine = await tinyEngine()
    const before = await engine.readTensor('embedding.weight')
    const first = await engine.step(request())
    let last = first
    for (let step = 0; step < 20; step += 1) last = await engine.step(request())
    expect(last.crossEntropy).toBeLessThan(first.crossEntropy - 0.5)
    const after = await engine.readTensor('embedding.weight')
    expect(after.subarray(4 * 200)).toEqual(before.subarray(4 * 200))
  })
})

describe('evaluate', () => {
  it('gives the same sums whether in one pass or in several', async () => {
    const { batches, noise } = await goldenTraining('v1-small')
    const { config } = goldenModels['v1-small']
    const golden = await GoldenTensors.load('v1-small/forward.safetensors')
    const results = []
    for (const passTokens of [1024, 32]) {
      const engine = new TfjsEngine(config, createPlainOps(), { passTokens })
      await loadGoldenWeights(engine, 'v1-small/weights.init.safetensors')
      results.push(await engine.evaluate(batches[0]!, noise[0]))
    }
    const [whole, parts] = results as [(typeof results)[0], (typeof results)[0]]
    const nats = golden.f32('ce_masked').reduce((sum, value) => sum + value, 0)
    expect(Math.abs(whole.nats - nats)).toBeLessThanOrEqual(1e-5 * 100)
    expect(Math.abs(parts.nats - nats)).toBeLessThanOrEqual(1e-5 * 100)
    expect(whole.targets).toBe(100)
    expect(Math.abs(parts.sigreg - whole.sigreg)).toBeLessThanOrEqual(5e-6)
    expect(maxDifference(parts.rowMeans, whole.rowMeans)).toBeLessThanOrEqual(1e-6)
    const embedding = golden
      .f32('embedding')
      .map((_, unit) => [0, 1, 2, 3].reduce((sum, row) => sum + whole.rowMeans[row * 16 + unit]! / 4, 0))
    expect(maxDifference(embedding, golden.f32('embedding'))).toBeLessThanOrEqual(1e-5)
  })
})

describe('sample', () => {
  it('is deterministic by seed, greedy at temperature 0, and never leaves the bytes', async () => {
    const engine = await tinyEngine()
    const prompt = new TextEncoder().encode('abc')
    const sample = (temperature: number, seed: number) =>
      engine.sample(prompt, { length: 6, temperature, seed })
    expect(await sample(0, 1)).toEqual(await sample(0, 2))
    expect(await sample(1, 1)).toEqual(await sample(1, 1))
    expect(await sample(1, 1)).not.toEqual(await sample(1, 2))
    const seen: number[] = []
    const empty = await engine.sample(new Uint8Array(), {
      length: 3,
      temperature: 1,
      seed: 0,
      onByte: (byte) => seen.push(byte),
    })
    expect(Array.from(empty)).toEqual(seen)
    const stopped = engine.sample(prompt, { length: 3, temperature: 1, seed: 0, signal: AbortSignal.abort() })
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('dispose', () => {
  it('leaves no tensors behind', async () => {
    const before = tf.memory().numTensors
    const engine = await tinyEngine()
    await engine.step(request())
    await engine.evaluate(request().microBatches[0]!)
    engine.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})
