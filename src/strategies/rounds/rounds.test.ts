import { expect, test } from 'vitest'
import { StudioError } from '../../lib/studio-error.ts'
import { checkPlan, type RoundPlan, type RoundSubject } from './round-plan.ts'
import {
  advance,
  beginRounds,
  nextReveal,
  nextWork,
  type RoundState,
  registered,
  toEvaluate,
} from './rounds.ts'
import { type RoundTools, runRounds } from './run-rounds.ts'

const plan: RoundPlan = {
  rounds: 2,
  steps: 100,
  checkpoints: 2,
  chooseBy: { kind: 'validation' },
  improvement: 0,
  confirm: 'each',
}
const subject: RoundSubject = {
  place: 'small',
  placeName: 'the small world',
  chainId: null,
  address: '0x1',
  runId: 'run',
  runName: 'Run',
  isNew: true,
  modelId: null,
}
const begin = (change: Partial<RoundPlan> = {}) => beginRounds('plan', { ...plan, ...change }, subject, 10)

/** A run whose loss at a step is what `lossAt` says, and a network; what was done to them, once each, in `done`. */
function world(lossAt = (step: number) => 1000 - step) {
  const done: string[] = []
  const drafts = new Map<string, { commit?: number; reveal?: number }>()
  let [step, epoch] = [0, 10]
  const name = (at: number) => ({ runId: 'run', step: at, weightsDigest: `d${at}` })
  const once = (what: string) => {
    if (!done.includes(what)) done.push(what)
  }
  const tools: RoundTools = {
    async train(state, begun) {
      begun(step)
      const from = state.span?.from ?? step
      step = from + state.plan.steps
      once(`train to ${step}`)
      return { start: name(from), checkpoints: [name(step - 50), name(step)] }
    },
    evaluate: async (state) =>
      Object.fromEntries(toEvaluate(state).map((one) => [one.weightsDigest, lossAt(one.step)])),
    async embed({ chosen }) {
      const id = `draft of ${chosen!.step}`
      drafts.set(id, drafts.get(id) ?? {})
      return id
    },
    async commit({ draftId }) {
      const draft = drafts.get(draftId!)!
      const isFirst = [...drafts.values()].filter(({ commit }) => commit !== undefined).length === 0
      draft.commit ??= epoch
      once(`commit ${draftId}`)
      return { kind: 'committed', epoch: draft.commit, modelId: 'model', isFirst }
    },
    async reveal({ reveal }) {
      const draft = drafts.get(reveal!.draftId)!
      draft.reveal ??= epoch
      once(`reveal ${reveal!.draftId}`)
      return draft.reveal
    },
  }
  return { tools, done, nextEpoch: () => ++epoch, epoch: () => epoch }
}

/** Carries a plan out; epochs pass whenever it waits. Resolves with every state that it went through. */
async function play(from: RoundState, { tools, nextEpoch, epoch }: ReturnType<typeof world>) {
  const states: RoundState[] = [from]
  const runner = runRounds(from, tools, (state) => states.push(JSON.parse(JSON.stringify(state))))
  runner.tell({ kind: 'epoch', epoch: epoch() })
  for (let turn = 0; turn < 200 && !runner.state.ended && !runner.state.halted; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    if (nextWork(runner.state)?.kind === 'wait' && !nextReveal(runner.state))
      runner.tell({ kind: 'epoch', epoch: nextEpoch() })
  }
  return { states, state: runner.state }
}

test('trains, publishes the best and reveals it, and goes on: interrupted anywhere, it ends the same way', async () => {
  const straight = world()
  const { states, state } = await play(begin(), straight)
  expect(straight.done).toEqual([
    'train to 100',
    'commit draft of 100',
    // The second round trains while the first waits for its epoch.
    'train to 200',
    'reveal draft of 100',
    'commit draft of 200',
    'reveal draft of 200',
  ])
  expect(state).toMatchObject({ ended: 'finished', modelId: 'model' })
  expect(state.entries).toMatchObject([
    { round: 1, from: 0, to: 100, before: 1000, after: 900, chosen: 100, commitEpoch: 10, revealEpoch: 11 },
    { round: 2, from: 100, to: 200, before: 900, after: 800, outcome: 'revealed', revealEpoch: 12 },
  ])
  for (const [kill, _] of states.entries()) {
    const interrupted = world()
    const kept: RoundState[] = []
    let dead = false
    const stopped = async () => new Promise<never>(() => {})
    const killing = Object.fromEntries(
      Object.entries(interrupted.tools).map(([name, tool]) => [
        name,
        (...given: never[]) => (dead ? stopped() : (tool as (...all: never[]) => unknown)(...given)),
      ]),
    ) as unknown as RoundTools
    const runner = runRounds(begin(), killing, (now) => {
      if (kept.length < kill) kept.push(JSON.parse(JSON.stringify(now)))
      dead ||= kept.length >= kill
    })
    for (let turn = 0; turn < 60 && !dead && !runner.state.ended; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve))
      if (nextWork(runner.state)?.kind === 'wait' && !nextReveal(runner.state))
        runner.tell({ kind: 'epoch', epoch: interrupted.nextEpoch() })
    }
    const again = await play(kept.at(-1) ?? begin(), interrupted)
    expect(again.state.ended).toBe('finished')
    expect(again.state.entries.map(({ from, to, outcome }) => [from, to, outcome])).toEqual([
      [0, 100, 'revealed'],
      [100, 200, 'revealed'],
    ])
    expect([...interrupted.done].sort()).toEqual([...straight.done].sort())
  }
})

test('publishes nothing that is not better, and the better of two checkpoints', async () => {
  const worse = await play(
    begin(),
    world((step) => step),
  )
  // 50 is the best of the first round; the second has nothing below what is in force.
  expect(worse.state.entries).toMatchObject([
    { chosen: 50, outcome: 'revealed' },
    { chosen: 150, before: 50, after: 150, outcome: 'no-better', commitEpoch: null },
  ])
  const small = await play(begin({ improvement: 500 }), world())
  expect(small.state.entries[1]).toMatchObject({ outcome: 'no-better' })
  const broken = await play(
    begin(),
    world(() => Number.NaN),
  )
  expect(broken.state.entries.map(({ outcome }) => outcome)).toEqual(['no-better', 'no-better'])
})

test('trained weights that it begins with are to be beaten, until a round is published', async () => {
  const trained = (change: Partial<RoundPlan> = {}) =>
    beginRounds('plan', { ...plan, rounds: 3, ...change }, { ...subject, startsFrom: 'a rival' }, 10)
  // Rises to step 200 and then falls below where it began, which the second round did not.
  const lossAt = (step: number) => (step <= 200 ? 10 + step / 100 : 1)
  const one = world(lossAt)
  const { state } = await play(trained(), one)
  expect(state.entries).toMatchObject([
    { before: 10, after: 10.5, outcome: 'no-better', start: 'a rival' },
    { from: 100, before: 10, after: 11.5, outcome: 'no-better', start: 'a rival' },
    { from: 200, before: 10, after: 1, outcome: 'revealed', start: 'a rival' },
  ])
  expect(one.done.filter((what) => what.startsWith('commit'))).toEqual(['commit draft of 250'])
  const all = await play(trained({ rounds: 2, publishWorse: true }), world(lossAt))
  expect(all.state.entries).toMatchObject([
    { outcome: 'revealed', start: 'a rival' },
    { before: 10.5, after: 11.5, outcome: 'revealed' },
  ])
  expect(all.state.entries[1]!.start).toBeUndefined()
})

test('an update is to beat what the network holds of its model, until one of the plan is in force', async () => {
  const updates = (change: Partial<RoundPlan & RoundSubject> = {}) =>
    beginRounds('plan', { ...plan, ...change }, { ...subject, modelId: 'model', ...change }, 10)
  const one = world()
  const measured: (string | null)[] = []
  const tools: RoundTools = {
    ...one.tools,
    async evaluate(state) {
      measured.push(registered(state))
      const losses = toEvaluate(state).map(({ weightsDigest, step }) => [weightsDigest, 1000 - step])
      return Object.fromEntries([...losses, ['model', 850]])
    },
  }
  const { state } = await play(updates({ rounds: 3 }), { ...one, tools })
  expect(state.entries).toMatchObject([
    { before: 850, after: 900, outcome: 'no-better', commitEpoch: null },
    { before: 850, after: 800, outcome: 'revealed' },
    { before: 800, after: 700, outcome: 'revealed' },
  ])
  expect(measured).toEqual(['model', 'model', null])
  // A plan that need not be better asks for nothing; nor does one whose model cannot be read.
  for (const change of [{ publishWorse: true }, { uncompared: true }] as const) {
    const two = world()
    expect((await play(updates(change), two)).state.entries[0]).toMatchObject({ before: 1000, chosen: 100 })
  }
})

test('a stop ends what is under way and still makes the reveal that is owed', async () => {
  const one = world()
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const slow: RoundTools = {
    ...one.tools,
    async commit(...given) {
      await gate
      return one.tools.commit(...given)
    },
  }
  const runner = runRounds(begin({ rounds: 0 }), slow, () => {})
  await expect.poll(() => runner.state.activity).toBe('commit')
  // The signature is on its way: the commit counts, and owes its reveal.
  runner.stop()
  release()
  await expect.poll(() => runner.state.reveal).not.toBeNull()
  expect(runner.state).toMatchObject({ ended: null, stopping: true, activity: 'rest' })
  runner.tell({ kind: 'epoch', epoch: one.nextEpoch() })
  await expect.poll(() => runner.state.ended).toBe('stopped')
  expect(one.done).toEqual(['train to 100', 'commit draft of 100', 'reveal draft of 100'])

  const signals: AbortSignal[] = []
  const training: RoundTools = {
    ...one.tools,
    train: (_, __, signal) => {
      signals.push(signal)
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new StudioError('cancelled', 'Stopped.')))
      })
    },
  }
  const early = runRounds(begin(), training, () => {})
  await expect.poll(() => signals.length).toBe(1)
  early.stop()
  expect(early.state).toMatchObject({ ended: 'stopped', halted: null })
  expect(signals[0]!.aborted).toBe(true)
})

test('a failure stands still until it is tried again, and holds up no reveal', async () => {
  const one = world()
  let fails = true
  const tools: RoundTools = {
    ...one.tools,
    async train(state, ...rest) {
      if (state.round === 2 && fails) throw new StudioError('device-lost', 'The device is gone.')
      return one.tools.train(state, ...rest)
    },
  }
  const runner = runRounds(begin(), tools, () => {})
  await expect.poll(() => runner.state.halted?.message).toBe('The device is gone.')
  runner.tell({ kind: 'epoch', epoch: one.nextEpoch() })
  await expect.poll(() => runner.state.entries[0]?.outcome).toBe('revealed')
  fails = false
  runner.tell({ kind: 'retry' })
  await expect.poll(() => runner.state.reveal?.round).toBe(2)
})

test('a missed reveal takes a first model along and leaves an updated one', () => {
  const owed = { round: 1, draftId: 'd', commitEpoch: 10, isFirst: true, error: null }
  const state: RoundState = { ...begin(), modelId: 'model', reveal: owed }
  const late = advance(state, { kind: 'epoch', epoch: 12 })
  expect(nextReveal(late)).toBe('missed')
  expect(advance(late, { kind: 'missed' })).toMatchObject({ modelId: null, reveal: null, published: null })
  const update = advance({ ...late, reveal: { ...owed, isFirst: false } }, { kind: 'missed' })
  expect(update.modelId).toBe('model')
  expect(nextReveal(advance(state, { kind: 'epoch', epoch: 11 }))).toBe('reveal')
})

test('names what a plan cannot be', () => {
  expect(() => checkPlan(plan)).not.toThrow()
  expect(() => checkPlan({ ...plan, steps: 0 })).toThrow('Steps of a round: 0')
  expect(() => checkPlan({ ...plan, steps: 1 })).toThrow('no 2 checkpoints')
})
