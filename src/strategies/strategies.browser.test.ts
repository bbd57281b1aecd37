import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GoldenModel, goldenModels, loadGoldenWeights } from '../../test/golden-models.ts'
import { goldenJson, maxDifference } from '../../test/golden-tensors.ts'
import { normalArray } from '../arrgen/normal-array.ts'
import { createTrainingEngine } from '../engine/create-training-engine.ts'
import { openDevice } from '../gpu/open-device.ts'
import { openTfjsDevice, type TfjsDevice } from '../gpu/tfjs-device.ts'
import { cosineDistance } from './cosine-distance.ts'
import { genesisEmbedding } from './genesis-embedding.ts'
import { cases, fromBase64, matchesNetwork } from './golden-scores.fixture.ts'
import { scoreData } from './score-data.ts'

/** golden README, "Tolerances", f32 on a GPU; the real node's scores are f32 of another backend. */
const SCORE = 2e-5
const EMBEDDING = 5e-5
const GENESIS = 1e-6

let device: TfjsDevice
beforeAll(async () => {
  device = await openTfjsDevice(await openDevice())
})
afterAll(() => device.dispose())

async function engineWith(model: GoldenModel, weights: string) {
  const engine = createTrainingEngine(goldenModels[model].config, device)
  await loadGoldenWeights(engine, `${weights}.safetensors`)
  return engine
}

describe('scoreData', () => {
  it.each([
    'tiny len 24',
    'small hello world',
    'small ramp 20000 seed 7',
    'v1-small init, corpus 3000',
    'v1-mid init, corpus 3000',
  ])('matches the scoring rule: %s', (name) =>
    matchesNetwork(cases.find((each) => each.name === name)!, {
      open: (config) => createTrainingEngine(config, device),
      loss: SCORE,
      embedding: EMBEDDING,
    }),
  )

  // Scores that a real node gave on its CPU, as f32 bits: protocol, section 0.
  it.each([
    ['2,000 bytes i mod 256', 2000, (i: number) => i, 0, 0x4136aebe, 0x3f4fdfe1],
    ['16,384 bytes (7i+3) mod 251', 16_384, (i: number) => (7 * i + 3) % 251, 3, 0x413e0174, 0x3f58e6a5],
  ] as const)('matches a real node: %s', async (_, length, byte, seed, lossBits, distanceBits) => {
    const engine = await engineWith('v1-small', 'scoring/weights.small-42')
    const score = await scoreData(
      engine,
      Uint8Array.from({ length }, (_, index) => byte(index)),
      { seed },
    )
    engine.dispose()
    const target = normalArray(9983631127049314697n, 16)
    expect(Math.abs(score.loss - fromBits(lossBits))).toBeLessThanOrEqual(SCORE)
    expect(Math.abs(cosineDistance(score.embedding, target) - fromBits(distanceBits))).toBeLessThanOrEqual(
      SCORE,
    )
  })
})

describe('genesisEmbedding', () => {
  it.each(['v1-small', 'v1-mid'] as const)('of %s matches the package', async (folder) => {
    const golden = await goldenJson<GoldenGenesis>('genesis/genesis.json')
    const engine = await engineWith(folder, `${folder}/weights.init`)
    const made = await genesisEmbedding(engine, golden.sequences_base64.map(fromBase64))
    engine.dispose()
    expect(maxDifference(made.embedding, golden[folder].embedding)).toBeLessThanOrEqual(GENESIS)
  })
})

interface GoldenGenesis {
  sequences_base64: string[]
  'v1-small': { embedding: number[] }
  'v1-mid': { embedding: number[] }
}

function fromBits(bits: number): number {
  return new Float32Array(Uint32Array.of(bits).buffer)[0]!
}
