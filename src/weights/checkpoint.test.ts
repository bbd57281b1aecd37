import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { memorySource } from '../data/memory-source.ts'
import { small } from '../model/model-config.ts'
import { parameterTable } from '../model/parameter-table.ts'
import { listCheckpoints } from './checkpoint-manifest.ts'
import { loadCheckpoint, openCheckpointWeights } from './load-checkpoint.ts'
import { memoryVault } from './memory-vault.ts'
import { openSafetensors } from './open-safetensors.ts'
import { saveCheckpoint } from './save-checkpoint.ts'

const table = parameterTable(small)
const open = (name: string) =>
  openSafetensors(
    memorySource(
      name,
      new Uint8Array(
        readFileSync(new URL(`../../test/golden/v1-small/${name}.safetensors`, import.meta.url)),
      ),
    ),
    table,
  )
const init = await open('weights.init')
const step10 = await open('weights.step10')
const m = await open('adam.step10.m')
const v = await open('adam.step10.v')

const readMoments = async (name: string) => ({ m: await m.readTensor(name), v: await v.readTensor(name) })
const before = { readTensor: init.readTensor, readMoments }
const after = { readTensor: step10.readTensor, readMoments }
const facts = (step: number) => ({
  runId: 'run-1',
  config: 'small',
  step,
  savedAt: 1_000 + step,
  extra: { cursor: { epoch: 1, position: step } },
})

let files: Map<string, Uint8Array<ArrayBuffer>>
let vault: ReturnType<typeof memoryVault>
beforeEach(() => {
  files = new Map()
  vault = memoryVault(files)
})

describe('checkpoints', () => {
  it('bring back every number and what the caller added', async () => {
    const done: number[] = []
    const manifest = await saveCheckpoint(vault, facts(10), table, after, {
      onProgress: (bytes, total) => done.push(bytes / total),
    })
    expect(done.at(-1)).toBe(1)
    expect(done.every((share, i) => i === 0 || share >= done[i - 1]!)).toBe(true)
    const loaded = await loadCheckpoint(vault, 'run-1', table)
    expect(loaded.manifest).toEqual(manifest)
    expect(loaded.skipped).toEqual([])
    expect(loaded.manifest.extra).toEqual({ cursor: { epoch: 1, position: 10 } })
    for (const { name } of table) {
      expect(await loaded.readTensor(name)).toEqual(await step10.readTensor(name))
      expect(await loaded.readMoments(name)).toEqual(await readMoments(name))
    }
    const weights = await openCheckpointWeights(vault, manifest, table)
    expect(await weights.readTensor('predictor.bias')).toEqual(await step10.readTensor('predictor.bias'))
  })

  it('stores the weights as the file that will be published', async () => {
    const { weights } = await saveCheckpoint(vault, facts(10), table, after)
    const golden = readFileSync(
      new URL('../../test/golden/v1-small/weights.step10.safetensors', import.meta.url),
    )
    expect(Buffer.compare(files.get(weights.path)!, golden)).toBe(0)
    expect(weights.size).toBe(golden.length)
  })

  it('use two slots by turns, the newest first', async () => {
    for (const step of [1, 2, 3]) await saveCheckpoint(vault, facts(step), table, before)
    const slots = await listCheckpoints(vault, 'run-1')
    expect(slots.map(({ manifest }) => manifest.step)).toEqual([3, 2])
    expect(await vault.list('runs/run-1')).toHaveLength(2)
    expect((await loadCheckpoint(vault, 'run-1', table)).manifest.step).toBe(3)
  })

  // Reads of the reader in order: 37 weights, then 37 pairs of moments. Each is a place to be cut off at.
  it.each([0, 1, 36, 37, 38, 73])('survive a save that is cut off after %d reads', async (reads) => {
    await saveCheckpoint(vault, facts(1), table, before)
    await saveCheckpoint(vault, facts(2), table, after)
    let left = reads
    const cut =
      <T>(read: (name: string) => Promise<T>) =>
      async (name: string) => {
        left -= 1
        if (left < 0) throw new Error('the tab was closed')
        return read(name)
      }
    const dying = { readTensor: cut(before.readTensor), readMoments: cut(readMoments) }
    await expect(saveCheckpoint(vault, facts(3), table, dying)).rejects.toThrow('the tab was closed')
    const loaded = await loadCheckpoint(vault, 'run-1', table)
    expect(loaded.manifest.step).toBe(2)
    expect(await loaded.readTensor('predictor.bias')).toEqual(await step10.readTensor('predictor.bias'))
    await saveCheckpoint(vault, facts(3), table, before)
    expect((await loadCheckpoint(vault, 'run-1', table)).manifest.step).toBe(3)
  })

  it.each(['weights.safetensors', 'adam.m.safetensors', 'adam.v.safetensors', 'manifest.json'])(
    'fall back where %s of the newest is damaged',
    async (name) => {
      await saveCheckpoint(vault, facts(1), table, before)
      await saveCheckpoint(vault, facts(2), table, after)
      const file = files.get(`runs/run-1/b/${name}`)!
      file[Math.floor(file.length / 2)]! ^= 4
      const loaded = await loadCheckpoint(vault, 'run-1', table)
      expect(loaded.manifest.step).toBe(1)
      expect(loaded.skipped).toHaveLength(name === 'manifest.json' ? 0 : 1)
    },
  )

  it('say so where nothing is left', async () => {
    await expect(loadCheckpoint(vault, 'run-1', table)).rejects.toMatchObject({ code: 'not-found' })
    await saveCheckpoint(vault, facts(1), table, before)
    files.delete('runs/run-1/a/adam.v.safetensors')
    await expect(loadCheckpoint(vault, 'run-1', table)).rejects.toMatchObject({ code: 'corrupt' })
  })

  it('refuse weights that are not finite and keep the one before', async () => {
    await saveCheckpoint(vault, facts(1), table, before)
    const broken = {
      ...before,
      readTensor: async (name: string) => (await init.readTensor(name)).fill(Number.NaN),
    }
    await expect(saveCheckpoint(vault, facts(2), table, broken)).rejects.toMatchObject({ code: 'corrupt' })
    expect((await loadCheckpoint(vault, 'run-1', table)).manifest.step).toBe(1)
  })
})
