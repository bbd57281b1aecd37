import { describe, expect, it } from 'vitest'
import { goldenModels, loadGoldenWeights } from '../../../test/golden-models.ts'
import { createReferenceEngine } from '../../engine/create-reference-engine.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { memoryVault } from '../../weights/memory-vault.ts'
import { scoreData } from '../score-data.ts'
import { openGapScores } from './gap-scores.ts'
import {
  DETERMINISTIC_BYTES,
  type GapRow,
  type GapTarget,
  gapsByRegion,
  gapTable,
  gapWeights,
} from './gap-table.ts'
import { type GapData, type GapModel, scoreGaps } from './score-gaps.ts'

const text = (value: string) => new TextEncoder().encode(value)
const data = (targetId: string, bytes: Uint8Array, digest = `data-${targetId}`): GapData => ({
  targetId,
  digest,
  bytes: bytes.length,
  read: async () => bytes,
})
/** Short chunks, so that the plain engine is quick. */
const contract = { sequence: 8, batchRows: 2 }
const models: GapModel[] = ['a', 'b'].map((id) => ({ id, label: id, weightsDigest: `weights-${id}` }))

async function engines() {
  const engine = createReferenceEngine(goldenModels['tiny-42'].config)
  return {
    engine,
    async withModel(model: GapModel, job: (held: typeof engine) => Promise<void>) {
      if (model.id === 'a') await loadGoldenWeights(engine, 'scoring/weights.tiny-42.safetensors')
      else await engine.initialise(1)
      await job(engine)
    },
  }
}

describe('scoreGaps', () => {
  it('goes on where it was cancelled, keeping what was scored', async () => {
    const vault = memoryVault()
    const submissions = [
      data('1', text('hello world')),
      data('2', text('again')),
      data('3', text('hello world'), 'data-1'),
    ]
    const first = await engines()
    const stop = new AbortController()
    const seen: number[] = []
    const cancelled = scoreGaps(models, submissions, {
      scores: await openGapScores(vault, 'gaps.json'),
      withModel: (model, job) => first.withModel(model, job),
      contract,
      signal: stop.signal,
      onProgress(done) {
        seen.push(done)
        if (done === 1) stop.abort()
      },
    })
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })

    // A new store, as after a reload.
    const scores = await openGapScores(vault, 'gaps.json')
    const direct = await scoreData(first.engine, text('hello world'), { ...contract, seed: 0 })
    const kept = scores.get('weights-a', 'data-1')
    const { loss, crossEntropyPerByte } = direct
    expect(kept).toEqual({ loss, crossEntropyPerByte })

    const second = await engines()
    const reads: string[] = []
    const failures = await scoreGaps(
      models,
      submissions.map((one) => ({
        ...one,
        read(signal?: AbortSignal) {
          reads.push(one.targetId)
          return one.read(signal)
        },
      })),
      { scores, contract, withModel: (model, job) => second.withModel(model, job) },
    )
    expect(failures).toEqual([])
    // Target 1 of model a was kept; target 3 is the same data as target 1.
    expect(reads).toEqual(['2', '1', '2'])
    expect(scores.get('weights-b', 'data-2')!.loss).toBeGreaterThan(0)
  })

  it('names what cannot be read or loaded, and scores the rest', async () => {
    const scores = await openGapScores(memoryVault(), 'gaps.json')
    const host = await engines()
    const broken: GapData = {
      ...data('2', text('x')),
      read: () => Promise.reject(new StudioError('not-found', 'The data is gone.')),
    }
    const failures = await scoreGaps(models, [data('1', text('abc')), broken], {
      scores,
      contract,
      withModel(model, job) {
        if (model.id === 'b') throw new StudioError('corrupt', 'The weights are damaged.')
        return host.withModel(model, job)
      },
    })
    expect(failures).toEqual([
      { modelId: 'a', targetId: '2', reason: 'The data is gone.' },
      { modelId: 'b', targetId: null, reason: 'The weights are damaged.' },
    ])
    expect(scores.get('weights-a', 'data-1')).toBeDefined()
  })
})

const target = (targetId: string, change: Partial<GapTarget> = {}): GapTarget => ({
  targetId,
  bytes: 100,
  winnerId: 'b',
  reportedLoss: 1,
  region: 'north',
  ...change,
})

describe('gap table', () => {
  const entropies: Record<string, Record<string, number>> = {
    a: { '1': 2, '2': 3, '3': 1, '4': 5 },
    b: { '1': 1.5, '2': 1, '3': 1.2 },
  }
  const rows: GapRow[] = gapTable(
    [
      target('1', { bytes: DETERMINISTIC_BYTES + 1 }),
      target('2'),
      target('3', { region: 'south' }),
      target('4', { region: 'south' }),
    ],
    {
      mineId: 'a',
      rival: { kind: 'winner' },
      modelIds: ['a', 'b'],
      score(model, { targetId }) {
        const crossEntropyPerByte = entropies[model]![targetId]
        // The contract's loss says the opposite here: it must not decide.
        return crossEntropyPerByte === undefined
          ? undefined
          : { loss: -crossEntropyPerByte, crossEntropyPerByte }
      },
    },
  )

  it('sorts by the difference per byte, what was not compared last, and notes what varies', () => {
    expect(rows.map(({ targetId, difference }) => [targetId, difference])).toEqual([
      ['2', 2],
      ['1', 0.5],
      ['3', expect.closeTo(-0.2, 9)],
      ['4', null],
    ])
    expect(rows.map(({ varies }) => varies)).toEqual([false, true, false, false])
  })

  it('groups by region, weighted by bytes', () => {
    const [north, south] = gapsByRegion(rows)
    expect(north!.difference).toBeCloseTo(
      (0.5 * (DETERMINISTIC_BYTES + 1) + 200) / (DETERMINISTIC_BYTES + 101),
      9,
    )
    expect(south).toMatchObject({ region: 'south', targets: 2, difference: expect.closeTo(-0.2, 9) })
  })

  it('weighs the gaps by their size, leaving out what is no gap', () => {
    expect(gapWeights(rows)).toEqual([
      { targetId: '2', weight: 3.2 },
      { targetId: '1', weight: 0.8 },
    ])
    expect(gapWeights(rows, { emphasis: 1, limit: 1.5 }).map(({ weight }) => weight)).toEqual([1.5, 1 / 1.5])
    expect(gapWeights([])).toEqual([])
  })
})
