import { describe, expect, it } from 'vitest'
import { goldenModels, loadGoldenWeights } from '../../../test/golden-models.ts'
import { goldenJson, maxDifference } from '../../../test/golden-tensors.ts'
import type { CheckpointView, ModelEvent } from '../../chain/checkpoint-view.ts'
import { createReferenceEngine } from '../../engine/create-reference-engine.ts'
import { catchUp } from './catch-up.ts'
import {
  competitiveWins,
  learnCompetition,
  newWinLog,
  readCheckpoint,
  updateDue,
  type WinLog,
} from './win-log.ts'
import { embeddingMove, wonEmbedding } from './won-embedding.ts'

const id = (digit: string) => `0x${digit.repeat(64)}`
const [MINE, OTHER] = [id('1'), id('2')]
const manifest = { url: 'https://example.com/d', checksum: new Uint8Array(32).fill(7), size: 5n }
const won = (targetId: string, modelId = MINE): ModelEvent => ({
  kind: 'submission',
  targetId,
  modelId,
  manifest,
})
const DAY = 86_400_000
const read = (log: WinLog, sequence: number, ...events: ModelEvent[]) =>
  readCheckpoint(log, { sequence, timestampMs: sequence * DAY, events })

describe('win log', () => {
  it('counts what this model won since its last reveal, each checkpoint once', () => {
    let log = newWinLog(MINE, 10)
    log = read(log, 10, won(id('a')), won(id('b'), OTHER))
    log = read(log, 11, { kind: 'reveal', modelId: OTHER }, { kind: 'reveal', modelId: MINE }, won(id('c')))
    log = read(log, 12, won(id('d')), won(id('e')))
    expect(read(log, 11, won(id('f')))).toBe(log)
    expect(() => read(log, 14)).toThrow('Checkpoint 14 was read before checkpoint 13')
    expect(log.revealed).toEqual({ checkpoint: 11, timestampMs: 11 * DAY })
    expect(log.wins.map(({ targetId }) => targetId)).toEqual([id('c'), id('d'), id('e')])
    expect(log.wins[0]).toMatchObject({ checksum: '07'.repeat(32), size: 5, models: null })

    const models: Record<string, number> = { [id('c')]: 3, [id('d')]: 1 }
    log = learnCompetition(log, (target) => models[target])
    expect(competitiveWins(log).map(({ targetId }) => targetId)).toEqual([id('c')])
    expect(updateDue(log, 13 * DAY)).toEqual({ reason: null, competitive: 1, unknown: 1, days: 2 })
    expect(updateDue(log, 18 * DAY).reason).toBe('days')
    // Survives storage as JSON, and goes on.
    const stored = JSON.parse(JSON.stringify(log)) as WinLog
    expect(read(stored, 13, won(id('f'))).wins).toHaveLength(4)
  })

  it('is due after 100 competitive wins, before seven days are over', () => {
    let log = read(newWinLog(MINE, 0), 0, { kind: 'reveal', modelId: MINE })
    const target = (index: number) => `0x${index.toString(16).padStart(64, '0')}`
    log = read(log, 1, ...Array.from({ length: 99 }, (_, index) => won(target(index))))
    log = learnCompetition(log, () => 2)
    expect(updateDue(log, DAY).reason).toBeNull()
    log = learnCompetition(read(log, 2, won(target(99))), () => 2)
    expect(updateDue(log, 2 * DAY)).toMatchObject({ reason: 'wins', competitive: 100, days: 2 })
    expect(updateDue(newWinLog(MINE, 0), 0)).toMatchObject({ reason: null, days: null })
  })

  it('reads all that it missed, and goes on where it was interrupted', async () => {
    const view = (sequence: number): CheckpointView => ({
      sequenceNumber: BigInt(sequence),
      epoch: 0n,
      timestampMs: sequence,
      transactions: [
        { digest: '', kind: 'claimRewards', sender: null, success: true },
        { digest: '', kind: 'submitData', sender: null, success: true, modelEvent: won(id('a')) },
      ],
    })
    const stop = new AbortController()
    const asked: bigint[] = []
    const saved: WinLog[] = []
    const options = {
      async checkpoint(sequence = 20n) {
        asked.push(sequence)
        if (sequence === 14n) stop.abort()
        return view(Number(sequence))
      },
      save: (log: WinLog) => void saved.push(log),
    }
    await expect(catchUp(newWinLog(MINE, 3), { ...options, signal: stop.signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(saved.at(-1)!.cursor).toBe(15)
    asked.length = 0
    const progress: number[] = []
    const log = await catchUp(saved.at(-1)!, { ...options, onProgress: (done) => progress.push(done) })
    expect(asked).toEqual([20n, 15n, 16n, 17n, 18n, 19n, 20n])
    expect(progress).toEqual([6])
    expect(log.wins).toHaveLength(18)
    expect(await catchUp(log, options)).toBe(log)
  })
})

describe('wonEmbedding', () => {
  interface Case {
    name: string
    weights: string
    data_base64: string
    batch_size: number
    f64: { embedding: number[] }
  }

  it('agrees with the scoring vectors: one batch is the mean over its chunks', async () => {
    const { cases } = await goldenJson<{ cases: Case[] }>('scoring/scoring.json')
    const engine = createReferenceEngine(goldenModels['tiny-42'].config)
    await loadGoldenWeights(engine, 'scoring/weights.tiny-42.safetensors')
    for (const name of ['tiny len 4', 'tiny len 16']) {
      const example = cases.find((one) => one.name === name)!
      const data = Uint8Array.from({ length: Number.parseInt(name.slice(9), 10) }, (_, index) => index)
      const made = await wonEmbedding(engine, [data], { sequence: 8 })
      const norm = Math.hypot(...example.f64.embedding)
      const expected = example.f64.embedding.map((value) => value / norm)
      expect(maxDifference(made.embedding, expected), name).toBeLessThanOrEqual(2e-5)
    }
    engine.dispose()
  })

  it('gives every chunk the same weight, and real bytes alone where asked', async () => {
    const engine = createReferenceEngine(goldenModels['tiny-42'].config)
    await loadGoldenWeights(engine, 'scoring/weights.tiny-42.safetensors')
    const long = Uint8Array.from({ length: 16 }, (_, index) => 3 * index)
    const short = Uint8Array.of(9, 8, 7)
    const both = await wonEmbedding(engine, [long, short], { sequence: 8 })
    expect(both).toMatchObject({ sequences: 3, submissions: 2 })

    const states = async (tokens: number[], from: number) => {
      const { rowMeans } = await engine.evaluate({
        tokens: Int32Array.from(tokens),
        targets: Int32Array.from(tokens, () => 256),
        positions: Int32Array.from(tokens, (_, index) => from + Math.min(index, 8)),
        rows: 1,
        sequence: tokens.length,
      })
      return rowMeans
    }
    const chunks = [await states([...long.subarray(0, 8)], 0), await states([...long.subarray(8)], 8)]
    const expected = async (last: Float32Array) => {
      const sum = Array.from(last, (value, unit) => value + chunks[0]![unit]! + chunks[1]![unit]!)
      const norm = Math.hypot(...sum)
      return sum.map((value) => value / norm)
    }
    const padded = await engine.evaluate({
      tokens: Int32Array.of(9, 8, 7, 257, 256, 256, 256, 256),
      targets: new Int32Array(8).fill(256),
      positions: Int32Array.of(0, 1, 2, 3, 3, 3, 3, 3),
      rows: 1,
      sequence: 8,
    })
    expect(maxDifference(both.embedding, await expected(padded.rowMeans))).toBeLessThan(1e-6)
    const real = await wonEmbedding(engine, [long, short], { sequence: 8, realBytesOnly: true })
    expect(maxDifference(real.embedding, await expected(await states([9, 8, 7], 0)))).toBeLessThan(1e-6)
    await expect(wonEmbedding(engine, [])).rejects.toThrow(/0 submissions/)
    engine.dispose()
  })
})

describe('embeddingMove', () => {
  it('is an angle', () => {
    expect(embeddingMove([1, 0], [2, 0])).toEqual({ distance: 0, degrees: 0 })
    expect(embeddingMove([1, 0], [0, 3]).degrees).toBeCloseTo(90, 9)
    expect(embeddingMove([1, 0], [1, 1]).degrees).toBeCloseTo(45, 9)
  })
})
