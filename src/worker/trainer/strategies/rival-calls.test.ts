import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { loadGoldenWeights } from '../../../../test/golden-models.ts'
import { validationBatches } from '../../../data/loader.ts'
import { memorySource } from '../../../data/memory-source.ts'
import { openCorpus } from '../../../data/open-corpus.ts'
import { createReferenceEngine } from '../../../engine/create-reference-engine.ts'
import { modelConfigs } from '../../../model/model-config.ts'
import { parameterTable } from '../../../model/parameter-table.ts'
import { validate } from '../../../train/validate.ts'
import { createFileKey } from '../../../weights/aes-ctr.ts'
import { memorySink } from '../../../weights/byte-sink.ts'
import { encryptFile } from '../../../weights/encrypt-file.ts'
import { memoryVault } from '../../../weights/memory-vault.ts'
import type { EngineHost } from '../open-engine.ts'
import { corpusInputs } from '../run-files.ts'
import { measureLoss } from './measure-loss.ts'
import type { StrategyJob } from './strategy-job.ts'

const official = new Uint8Array(await readFile('test/golden/scoring/weights.small-42.safetensors'))

/** The official package's file as a competitor hosts it. */
async function hosted() {
  const key = createFileKey()
  const sink = memorySink()
  const { size, checksum } = await encryptFile(memorySource('w', official), key, sink)
  return { data: new Blob([sink.bytes()]), size, checksum, key }
}

const host = {
  async openForward(config, source) {
    const engine = createReferenceEngine(config)
    for (const { name } of parameterTable(config)) engine.writeTensor(name, await source(name))
    return engine
  },
} as Partial<EngineHost> as EngineHost

function job(): StrategyJob {
  const signal = new AbortController().signal
  return { vault: memoryVault(), host, signal, emit: () => {}, progress: () => () => {} }
}

test('measures a hosted model on the validation part of data', async () => {
  const file = await hosted()
  const text = Array.from({ length: 40 }, (_, i) => `Line ${i}: seven dogs sleep.\n`)
  const call = {
    kind: 'measureLoss',
    config: 'small',
    weights: { kind: 'hosted', label: 'Otter', file },
    data: { name: 'mine', items: [{ name: 'a', origin: 'file', data: new Blob(text) }], side: 'validation' },
    windows: { sequence: 16, limit: 2 },
  } as const
  const { loss } = await measureLoss(job(), call)
  const engine = createReferenceEngine(modelConfigs.small)
  await loadGoldenWeights(engine, 'scoring/weights.small-42.safetensors')
  const corpus = await openCorpus(corpusInputs(call.data.items), { sequence: 16 })
  const batches = await validationBatches(corpus, { sequence: 16, limit: 2, microBatch: 1 })
  expect(loss).toBeCloseTo((await validate(engine, batches)).loss, 4)
})
