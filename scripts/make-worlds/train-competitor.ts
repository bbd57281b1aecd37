import { normalArray } from '../../src/arrgen/normal-array.ts'
import { genesisWindows } from '../../src/data/genesis-windows.ts'
import { createLoader, validationBatches } from '../../src/data/loader.ts'
import { memorySource } from '../../src/data/memory-source.ts'
import { openCorpus } from '../../src/data/open-corpus.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { SIGREG_SLICES } from '../../src/model/model-config.ts'
import { parameterTable } from '../../src/model/parameter-table.ts'
import { type CorpusName, makeCorpus } from '../../src/practice/players/corpora.ts'
import { genesisEmbedding } from '../../src/strategies/genesis-embedding.ts'
import { learningRateAt, type Recipe } from '../../src/train/recipe.ts'
import { validate } from '../../src/train/validate.ts'
import { createFileKey } from '../../src/weights/aes-ctr.ts'
import { memorySink } from '../../src/weights/byte-sink.ts'
import { encryptFile } from '../../src/weights/encrypt-file.ts'
import { planSafetensors, writeSafetensors } from '../../src/weights/write-safetensors.ts'

/** A trained model as its owner would publish it. */
export interface Competitor {
  readonly corpus: CorpusName
  readonly key: Uint8Array
  /** Encrypted safetensors. */
  readonly weights: Uint8Array
  readonly checksum: Uint8Array
  /** L2-normalised, [dim]. */
  readonly embedding: Float32Array
  readonly steps: number
  readonly lossFirst: number
  readonly lossLast: number
}

const CORPUS_BYTES = 96 * 1024
const GENESIS_WINDOWS = 48

/** Trains one model on one generated corpus with the studio's own engine, then embeds and encrypts it. */
export async function trainCompetitor(
  engine: Engine,
  corpusName: CorpusName,
  recipe: Recipe,
): Promise<Competitor> {
  const bytes = makeCorpus(corpusName, CORPUS_BYTES, recipe.seed)
  // Documents of 8 KiB, so that the split has units on both sides.
  const inputs = Array.from({ length: Math.ceil(bytes.length / 8192) }, (_, part) => {
    const name = `${corpusName} ${part + 1}`
    const source = memorySource(name, bytes.slice(part * 8192, (part + 1) * 8192))
    return { name, origin: 'file' as const, source }
  })
  const { sequence, microBatch, seed } = recipe
  const corpus = await openCorpus(inputs, { sequence, validationShare: 0.1 })
  const loader = createLoader(corpus, { sequence, microBatch, seed })
  const batches = await validationBatches(corpus, { sequence, microBatch, limit: recipe.validationWindows })
  const noise = normalArray(0n, engine.config.dim * SIGREG_SLICES)

  await engine.initialise(seed)
  const lossFirst = (await validate(engine, batches, noise)).loss
  const started = Date.now()
  for (let step = 1; step <= recipe.steps; step += 1) {
    const learningRate = learningRateAt(recipe, step)
    const microBatches = [await loader.next()]
    const { loss } = await engine.step({ microBatches, learningRate, dropout: 0, seed })
    if (step % 50 === 0) {
      const seconds = ((Date.now() - started) / 1000).toFixed(0)
      console.log(`${corpusName}: step ${step}, loss ${loss.toFixed(3)}, ${seconds} s`)
    }
  }
  const lossLast = (await validate(engine, batches, noise)).loss
  console.log(`${corpusName}: validation ${lossFirst.toFixed(3)} -> ${lossLast.toFixed(3)}`)

  const { windows } = await genesisWindows(corpus, { count: GENESIS_WINDOWS, seed })
  const { embedding } = await genesisEmbedding(engine, windows)
  const plain = memorySink()
  await writeSafetensors(
    planSafetensors(parameterTable(engine.config)),
    (name) => engine.readTensor(name),
    plain,
  )
  const key = createFileKey()
  const encrypted = memorySink()
  const { checksum } = await encryptFile(memorySource('weights', plain.bytes()), key, encrypted)
  const weights = encrypted.bytes()
  return { corpus: corpusName, key, weights, checksum, embedding, steps: recipe.steps, lossFirst, lossLast }
}
