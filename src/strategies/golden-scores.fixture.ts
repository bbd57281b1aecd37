import { expect } from 'vitest'
import { goldenModels, loadGoldenWeights } from '../../test/golden-models.ts'
import { goldenJson, maxDifference } from '../../test/golden-tensors.ts'
import { createReferenceEngine } from '../engine/create-reference-engine.ts'
import type { Engine } from '../engine/engine.ts'
import type { ModelConfig } from '../model/model-config.ts'
import { cosineDistance } from './cosine-distance.ts'
import { scoreData } from './score-data.ts'

/** Scoring loss and distance, and embeddings, in f32 on a CPU: golden README, "Tolerances". */
export const LOSS = 5e-6
export const EMBEDDING = 2e-5

interface ScoredData {
  loss: number
  embedding: number[]
  distance?: number
  batches: { ce_over_non_pad: number }[]
}
export interface GoldenScore {
  name: string
  weights: string
  data: string
  data_base64: string | null
  max_seq_len: number
  batch_size: number
  seed: number
  target?: number[]
  f64: ScoredData
}

const models: Record<string, { config: ModelConfig; file: string }> = {
  'tiny-42': { config: goldenModels['tiny-42'].config, file: 'scoring/weights.tiny-42.safetensors' },
  'small-42': { config: goldenModels['v1-small'].config, file: 'scoring/weights.small-42.safetensors' },
  'v1-small-init': { config: goldenModels['v1-small'].config, file: 'v1-small/weights.init.safetensors' },
  'v1-mid-init': { config: goldenModels['v1-mid'].config, file: 'v1-mid/weights.init.safetensors' },
}

export const { cases } = await goldenJson<{ cases: GoldenScore[] }>('scoring/scoring.json')

/** The same cases in the independent evaluation of the protocol specification. */
export const { derived } = await goldenJson<{
  derived: { eval: Record<string, { loss: number; embedding: number[] }> }
}>('protocol/vectors.json')
export const vectorNames: Record<string, string> = {
  'tiny len 4': 'tiny_len4',
  'tiny len 8': 'tiny_len8',
  'tiny len 16': 'tiny_len16',
  'tiny len 24': 'tiny_len24',
  'small hello world': 'small_hello',
  'small ramp 2000': 'small_b2000',
  'small ramp 20000 seed 7': 'small_b20000',
}

/** What scores, and how near it must come. */
interface Scorer {
  open(config: ModelConfig): Engine
  readonly loss: number
  readonly embedding: number
}
const plain: Scorer = { open: createReferenceEngine, loss: LOSS, embedding: EMBEDDING }

/** An engine's score of a case beside the network's and, where it has the case too, the specification's. */
export async function matchesNetwork(example: GoldenScore, scorer: Scorer = plain): Promise<void> {
  const { config, file } = models[example.weights]!
  const engine = scorer.open(config)
  await loadGoldenWeights(engine, file)
  const data = example.data_base64
    ? fromBase64(example.data_base64)
    : Uint8Array.from({ length: Number.parseInt(example.data, 10) }, (_, index) => index)
  const score = await scoreData(engine, data, {
    seed: example.seed,
    sequence: example.max_seq_len,
    batchRows: example.batch_size,
  })
  engine.dispose()
  const near = (expected: { loss: number; embedding: number[] }) => {
    expect(Math.abs(score.loss - expected.loss)).toBeLessThanOrEqual(scorer.loss)
    expect(maxDifference(score.embedding, expected.embedding)).toBeLessThanOrEqual(scorer.embedding)
  }
  near(example.f64)
  const vector = vectorNames[example.name]
  if (vector !== undefined) near(derived.eval[vector]!)
  if (example.target) {
    const distance = cosineDistance(score.embedding, example.target)
    expect(Math.abs(distance - example.f64.distance!)).toBeLessThanOrEqual(scorer.loss)
  }
  if (example.f64.batches.length === 1) {
    const expected = example.f64.batches[0]!.ce_over_non_pad
    expect(Math.abs(score.crossEntropyPerByte - expected)).toBeLessThanOrEqual(2 * scorer.loss)
  }
}

export const fromBase64 = (text: string) =>
  Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
