import { expect, it } from 'vitest'
import { goldenModels } from '../../test/golden-models.ts'
import { createReferenceEngine } from '../engine/create-reference-engine.ts'
import type { Engine } from '../engine/engine.ts'
import { parameterTable } from '../model/parameter-table.ts'
import { gapsByRegion, gapTable, gapWeights } from './gaps/gap-table.ts'
import { betaSweep } from './merge/beta-sweep.ts'
import { greedySoup } from './merge/greedy-soup.ts'
import type { WeightsReader } from './merge/weights-reader.ts'
import { advance, beginRounds } from './rounds/rounds.ts'
import { forecastTarget } from './routing/forecast-targets.ts'
import { predictWins } from './routing/predict-wins.ts'

/* A strategy that does not help on some data says so: what each gives where there is nothing to gain. */

const { config } = goldenModels['tiny-42']
const constant = (value: number): WeightsReader => ({
  readTensor: async (name) =>
    new Float32Array(parameterTable(config).find((one) => one.name === name)!.size).fill(value),
})
/** The lowest where every weight is 1. */
const distanceFromOne = async (engine: Engine) =>
  Math.abs((await engine.readTensor('predictor.bias'))[0]! - 1)

it('a sweep names beta 0 where mine is best, and 1 where theirs is', async () => {
  const engine = createReferenceEngine(config)
  const best = async (mine: number, theirs: number, loss = distanceFromOne) => {
    const measure = async (held: Engine) => ({ mine: await loss(held) })
    const sweep = await betaSweep(engine, { mine: constant(mine), theirs: constant(theirs), measure })
    return sweep.best['mine']
  }
  expect(await best(1, 3)).toBe(0)
  expect(await best(3, 1)).toBe(1)
  // No better anywhere: the smallest beta, which changes nothing.
  expect(await best(3, 2, async () => 1)).toBe(0)
  engine.dispose()
})

it('a greedy soup of candidates that only spoil each other is the best of them alone', async () => {
  const engine = createReferenceEngine(config)
  const candidates = [1, 4, 7].map((value) => ({ label: `${value}`, weights: constant(value) }))
  const soup = await greedySoup(engine, candidates, { loss: distanceFromOne })
  expect(soup.taken).toEqual(['1'])
  expect(soup.loss).toBe(0)
  expect(soup.trials.filter(({ taken }) => taken)).toHaveLength(1)
  engine.dispose()
})

it('where mine is nowhere worse there is no gap to train on', () => {
  const targets = ['a', 'b'].map((targetId) => ({
    targetId,
    bytes: 700,
    winnerId: 'winner',
    reportedLoss: 0,
    region: targetId,
  }))
  const score = (modelId: string, { targetId }: { targetId: string }) => {
    const crossEntropyPerByte = modelId === 'mine' || targetId === 'b' ? 1 : 2
    return { loss: crossEntropyPerByte, crossEntropyPerByte }
  }
  const rows = gapTable(targets, {
    mineId: 'mine',
    rival: { kind: 'winner' },
    modelIds: ['mine', 'winner'],
    score,
  })
  expect(rows.map(({ difference }) => difference)).toEqual([0, -1])
  expect(gapWeights(rows)).toEqual([])
  expect(gapsByRegion(rows).every(({ difference }) => difference! <= 0)).toBe(true)
})

it('a copy of a model is predicted to win nothing that both are asked', () => {
  const dim = 8
  const data = [{ embedding: forecastTarget(0, 0, dim), losses: { mine: 1, theirs: 1 } }]
  const assigned = [{ target: 0, rivals: [0] }]
  const options = { mineId: 'mine', others: [{ id: 'theirs' }], data, seed: 0, dim }
  expect(predictWins(assigned, options)).toMatchObject({ low: 0, high: 0, known: 1 })
  expect(predictWins([], options)).toBeUndefined()
})

it('rounds that only make it worse publish once and then say that nothing is better', () => {
  const plan = {
    rounds: 2,
    steps: 10,
    checkpoints: 1,
    chooseBy: { kind: 'targets', limit: 5 },
    improvement: 0,
    confirm: 'never',
  } as const
  const subject = {
    place: 'small',
    placeName: 'small',
    chainId: null,
    address: '0x1',
    runId: 'run',
    runName: 'Run',
    isNew: true,
    modelId: null,
  }
  const name = (step: number) => ({ runId: 'run', step, weightsDigest: `${step}` })
  const train = (from: ReturnType<typeof beginRounds>, to: number) =>
    advance(
      advance(advance(from, { kind: 'begun', step: to - 10 }), {
        kind: 'trained',
        start: name(to - 10),
        checkpoints: [name(to)],
      }),
      { kind: 'evaluated', losses: { 0: 1, 10: 2, 20: 3 } },
    )
  const first = train(beginRounds('plan', plan, subject, 1), 10)
  const packaged = advance(first, { kind: 'packaged', draftId: 'draft' })
  const committed = advance(packaged, { kind: 'committed', epoch: 1, modelId: 'model', isFirst: true })
  const { entries, published } = train(committed, 20)
  expect(entries.map(({ outcome, before, after }) => [outcome, before, after])).toEqual([
    ['committed', 1, 2],
    ['no-better', 2, 3],
  ])
  expect(published?.step).toBe(10)
})
