import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { loadGoldenWeights } from '../../../../test/golden-models.ts'
import { memorySource } from '../../../data/memory-source.ts'
import { createReferenceEngine } from '../../../engine/create-reference-engine.ts'
import { modelConfigs } from '../../../model/model-config.ts'
import { parameterTable } from '../../../model/parameter-table.ts'
import { scoreData } from '../../../strategies/score-data.ts'
import { createFileKey } from '../../../weights/aes-ctr.ts'
import { memorySink } from '../../../weights/byte-sink.ts'
import { encryptFile } from '../../../weights/encrypt-file.ts'
import { memoryVault } from '../../../weights/memory-vault.ts'
import type { EngineHost } from '../open-engine.ts'
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

test('measures a hosted model by the contract', async () => {
  const file = await hosted()
  const text = 'hello world, hello contract'
  const { loss, bytes } = await measureLoss(job(), {
    kind: 'measureLoss',
    config: 'small',
    weights: { kind: 'hosted', label: 'Otter', file },
    data: { name: 'mine', items: [{ name: 'a', origin: 'file', data: new Blob([text]) }], side: 'all' },
    windows: { sequence: 16, limit: 2 },
  })
  const engine = createReferenceEngine(modelConfigs.small)
  await loadGoldenWeights(engine, 'scoring/weights.small-42.safetensors')
  const score = await scoreData(engine, new TextEncoder().encode(text), { seed: 0, sequence: 16 })
  expect(loss).toBeCloseTo(score.loss, 6)
  expect(bytes).toBe(text.length)
})
