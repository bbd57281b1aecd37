import { readdir, readFile, stat } from 'node:fs/promises'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { TargetV1 } from '../../src/chain/bcs/index.ts'
import { memorySource } from '../../src/data/memory-source.ts'
import { createReferenceEngine } from '../../src/engine/create-reference-engine.ts'
import { toHex } from '../../src/lib/hex.ts'
import { modelConfigs } from '../../src/model/model-config.ts'
import { parameterTable } from '../../src/model/parameter-table.ts'
import { AccountClient } from '../../src/practice/account-client.ts'
import { checkBlob, createMemoryBlobStore } from '../../src/practice/blob-store.ts'
import { PracticeHost } from '../../src/practice/practice-host.ts'
import { parseWorld } from '../../src/practice/world.ts'
import { cosineDistance } from '../../src/strategies/cosine-distance.ts'
import { createAesCtr } from '../../src/weights/aes-ctr.ts'
import { openSafetensors } from '../../src/weights/open-safetensors.ts'
import { createScorer } from './create-scorer.ts'

async function open(name: 'small' | 'practice') {
  const folder = new URL(`../../public/worlds/${name}/`, import.meta.url)
  const world = parseWorld(JSON.parse(await readFile(new URL('world.json', folder), 'utf8')))
  const host = new PracticeHost({
    world,
    fetchBlob: async (digest) => Uint8Array.from(await readFile(new URL(`blobs/${digest}`, folder))),
    blobs: createMemoryBlobStore(),
    now: () => 2_000_000_000_000,
  })
  return { folder, world, host, client: new AccountClient(host.transport, new Uint8Array(32).fill(1)) }
}

async function bytesAt(host: PracticeHost, url: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await host.fetch(url)).arrayBuffer())
}

describe.each(['small', 'practice'] as const)('world %s', (name) => {
  it('has trained competitors whose hosted weights open with the registry’s key', async () => {
    const { world, host, client } = await open(name)
    expect(world).toMatchObject({ config: name, dim: modelConfigs[name].dim })
    expect(world.models.length).toBeGreaterThanOrEqual(3)
    for (const { id, lossFirst, lossLast } of world.models) {
      expect(lossLast).toBeLessThan(lossFirst / 2)
      const model = await client.model(id)
      expect(model).toMatchObject({ state: 'active', architectureVersion: 1n })
      expect(model.embedding).toHaveLength(world.dim)
      const { url, metadata } = model.manifest!.version.value!
      const { checksum, size } = metadata!.version.value!
      const bytes = await bytesAt(host, url!)
      expect(bytes.length).toBe(Number(size))
      await checkBlob(toHex(checksum!), bytes)
      const plain = await (await createAesCtr(model.decryptionKey!)).apply(bytes, 0)
      const file = await openSafetensors(memorySource('weights', plain), parameterTable(modelConfigs[name]))
      expect(file.dropped).toEqual([])
    }
  })

  it('has filled targets with their data, and a hundred open ones', async () => {
    const { world, host, client } = await open(name)
    expect(world.targets.length).toBeGreaterThanOrEqual(50)
    const filled = await client.state.listTargets({ statusFilter: 'filled', readMask: { paths: ['*'] } })
    expect(filled.targets).toHaveLength(world.targets.length)
    for (const { dataUrl, winningModelId, modelIds } of filled.targets) {
      expect(modelIds).toContain(winningModelId)
      const data = await bytesAt(host, dataUrl!)
      await checkBlob(dataUrl!.slice(-64), data)
      expect(data.length).toBeGreaterThanOrEqual(512)
    }
    const open100 = await client.state.listTargets({ statusFilter: 'open', pageSize: 1000 })
    expect(open100.targets).toHaveLength(100)
    expect(new Set(world.targets.map(({ winner }) => winner)).size).toBeGreaterThan(1)
  })

  it('holds its blobs and nothing else', async () => {
    const { folder, world } = await open(name)
    const files = await readdir(new URL('blobs/', folder))
    const own = world.blobs.filter(({ text }) => text === undefined)
    expect(files.sort()).toEqual(own.map(({ digest }) => digest).sort())
    for (const { digest, size } of own) {
      expect((await stat(new URL(`blobs/${digest}`, folder))).size).toBe(size)
    }
  })
})

describe('filled targets of the small world', () => {
  it('carry the loss and the distance of the scoring contract', async () => {
    const { world, host, client } = await open('small')
    const [smallest] = [...world.targets].sort((a, b) => a.bytes - b.bytes)
    const { object } = await client.ledger.getObject({
      objectId: smallest!.id,
      readMask: { paths: ['contents'] },
    })
    const target = TargetV1.parse(object!.contents!)
    const data = await bytesAt(host, target.winningDataManifest!.manifest.url)
    await tf.setBackend('cpu')
    const score = createScorer(createReferenceEngine(modelConfigs.small))
    // The winner only: each model takes seconds on this backend.
    const id = target.winningModelId!
    const model = await client.model(id)
    const weights = await bytesAt(host, model.manifest!.version.value!.url!)
    const best = await score({ id, weights, key: model.decryptionKey! }, data, 0n)
    // Tolerances of the golden README for scores of f32 on a GPU.
    expect(Math.abs(best.loss - target.winningLossScore!.values[0]!)).toBeLessThan(2e-5)
    const distance = cosineDistance(best.embedding, target.embedding.values)
    expect(Math.abs(distance - target.winningDistanceScore!.values[0]!)).toBeLessThan(2e-5)
  }, 60_000)
})
