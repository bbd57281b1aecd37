import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { goldenModels, goldenTraining } from '../../../test/golden-models.ts'
import { goldenJson } from '../../../test/golden-tensors.ts'
import { memorySource } from '../../data/memory-source.ts'
import { createReferenceEngine } from '../../engine/create-reference-engine.ts'
import type { Engine } from '../../engine/engine.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import { memoryVault } from '../../weights/memory-vault.ts'
import { openSafetensors } from '../../weights/open-safetensors.ts'
import { betaSweep } from './beta-sweep.ts'
import { greedySoup } from './greedy-soup.ts'
import { averagedWeights, soupWeights, taskArithmeticWeights } from './merged-weights.ts'
import type { WeightsReader } from './weights-reader.ts'
import { writeMerged } from './write-merged.ts'

type Folder = 'v1-small' | 'v1-mid'
interface Golden {
  beta: number
  'v1-small': { tensor_sha256: Record<string, string> }
  'v1-mid': { tensor_sha256: Record<string, string> }
}

const goldenFile = async (path: string) =>
  Uint8Array.from(await readFile(new URL(`../../../test/golden/${path}`, import.meta.url)))

async function weightsOf(path: string, folder: Folder): Promise<WeightsReader> {
  const table = parameterTable(goldenModels[folder].config)
  return openSafetensors(memorySource(path, await goldenFile(`${path}.safetensors`)), table)
}

/** golden README: 0.3 A + 0.7 B, A the initial weights, B the teacher; so mine is B. */
async function goldenPair(folder: Folder) {
  return {
    mine: await weightsOf(`distill/${folder}/teacher`, folder),
    theirs: await weightsOf(`${folder}/weights.init`, folder),
  }
}

describe('averagedWeights', () => {
  it('writes the whole golden file, bit for bit', async () => {
    const { mine, theirs } = await goldenPair('v1-small')
    const files = new Map<string, Uint8Array<ArrayBuffer>>()
    const { config } = goldenModels['v1-small']
    const made = await writeMerged(memoryVault(files), 'merged', config, averagedWeights(mine, theirs, 0.3))
    expect(files.get('merged')).toEqual(await goldenFile('merge/v1-small.beta03.safetensors'))
    expect(made.size).toBe(files.get('merged')!.length)
  })

  it.each(['v1-small', 'v1-mid'] as const)(
    'gives the golden digest of every tensor of %s',
    async (folder) => {
      const golden = await goldenJson<Golden>('merge/merge.json')
      const { mine, theirs } = await goldenPair(folder)
      const merged = averagedWeights(mine, theirs, golden.beta)
      const digests = golden[folder].tensor_sha256
      expect(Object.keys(digests)).toHaveLength(parameterTable(goldenModels[folder].config).length)
      for (const [name, digest] of Object.entries(digests)) {
        const bytes = new Uint8Array((await merged.readTensor(name)).buffer)
        expect(createHash('sha256').update(bytes).digest('hex'), name).toBe(digest)
      }
    },
  )

  it('keeps nothing of a merge that was cancelled or gave no number', async () => {
    const { mine, theirs } = await goldenPair('v1-small')
    const { config } = goldenModels['v1-small']
    const files = new Map<string, Uint8Array<ArrayBuffer>>()
    const vault = memoryVault(files)
    const stop = new AbortController()
    let read = 0
    const counted: WeightsReader = {
      readTensor(name, signal) {
        read += 1
        if (read === 3) stop.abort()
        return theirs.readTensor(name, signal)
      },
    }
    const cancelled = writeMerged(vault, 'merged', config, averagedWeights(mine, counted, 0.3), {
      signal: stop.signal,
    })
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    const huge: WeightsReader = {
      readTensor: async (name) => (await mine.readTensor(name)).fill(Number.POSITIVE_INFINITY),
    }
    const infinite = writeMerged(vault, 'merged', config, soupWeights([huge, mine]))
    await expect(infinite).rejects.toMatchObject({ code: 'corrupt' })
    expect(files.size).toBe(0)
    expect(() => averagedWeights(mine, theirs, 1.2)).toThrow(/Beta is 1.2/)
  })
})

/** Three models of one tensor. */
const fixed = (...values: number[]): WeightsReader => ({ readTensor: async () => Float32Array.from(values) })

describe('soups and task vectors', () => {
  it('average all, and add what was learned', async () => {
    expect(await soupWeights([fixed(1, 4), fixed(2, 5), fixed(6, 0)]).readTensor('x')).toEqual(
      Float32Array.of(3, 3),
    )
    const sum = taskArithmeticWeights(fixed(10, 10), [
      { theirs: fixed(5, 7), common: fixed(4, 4), scale: 0.5 },
      { theirs: fixed(0, 1), common: fixed(1, 1), scale: 2 },
    ])
    expect(await sum.readTensor('x')).toEqual(Float32Array.of(8.5, 11.5))
    const { mine, theirs } = await goldenPair('v1-small')
    // mine + 1 * (theirs - mine) is theirs, up to one rounding.
    const all = taskArithmeticWeights(mine, [{ theirs, common: mine, scale: 1 }])
    const [made, wanted] = [await all.readTensor('predictor.bias'), await theirs.readTensor('predictor.bias')]
    for (const [index, value] of made.entries()) expect(value).toBeCloseTo(wanted[index]!, 6)
  })
})

describe('betaSweep', () => {
  it('measures mine at 0, theirs at 1, and names the best beta of each data set', async () => {
    const { config } = goldenModels['v1-small']
    const engine = createReferenceEngine(config)
    const { batches } = await goldenTraining('v1-small')
    const trained = await weightsOf('v1-small/weights.step10', 'v1-small')
    const initial = await weightsOf('v1-small/weights.init', 'v1-small')
    const measure = async (held: Engine) => {
      const { nats, targets } = await held.evaluate(batches[0]!)
      return { own: nats / targets, reversed: -nats / targets }
    }
    const seen: number[] = []
    const sweep = await betaSweep(engine, {
      mine: initial,
      theirs: trained,
      betas: [0, 0.5, 1],
      measure,
      onPoint: ({ beta }) => seen.push(beta),
    })
    // Batch 0 was trained on: its loss falls along the path, and the reverse of it rises.
    expect(sweep.best).toEqual({ own: 1, reversed: 0 })
    expect(seen).toEqual([0, 0.5, 1])
    const { ce } = (await goldenTraining('v1-small')).steps[0]!
    expect(Math.abs(sweep.points[0]!.losses['own']! - ce)).toBeLessThanOrEqual(5e-6)
    engine.dispose()
  })
})

describe('greedySoup', () => {
  it('takes only what does not make it worse', async () => {
    const tiny = goldenModels['tiny-42'].config
    const engine = createReferenceEngine(tiny)
    const constant = (value: number): WeightsReader => ({
      readTensor: async (name) =>
        new Float32Array(parameterTable(tiny).find((one) => one.name === name)!.size).fill(value),
    })
    // The loss is the distance of a bias from 1: 0.5 and 1.6 together come closer than either, 9 spoils it.
    const soup = await greedySoup(
      engine,
      [
        { label: 'far', weights: constant(9) },
        { label: 'above', weights: constant(1.6) },
        { label: 'below', weights: constant(0.5) },
      ],
      { loss: async (held) => Math.abs((await held.readTensor('predictor.bias'))[0]! - 1) },
    )
    expect(soup.taken).toEqual(['below', 'above'])
    expect(soup.loss).toBeCloseTo(0.05, 6)
    expect(soup.trials.map(({ label, taken }) => [label, taken])).toEqual([
      ['below', true],
      ['above', true],
      ['far', false],
    ])
    expect((await soup.weights.readTensor('predictor.bias'))[0]).toBeCloseTo(1.05, 6)
    engine.dispose()
  })
})
