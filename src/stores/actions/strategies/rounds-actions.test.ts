import { expect, test } from 'vitest'
import { StudioError } from '../../../lib/studio-error.ts'
import type { RoundPlan } from '../../../strategies/rounds/round-plan.ts'
import { device, patiently, visit } from './node-studio.fixture.ts'

const plan: RoundPlan = {
  rounds: 2,
  steps: 2,
  checkpoints: 2,
  chooseBy: { kind: 'validation' },
  improvement: 0,
  confirm: 'never',
}

test('a plan is carried out on the practice network, over two visits, with the optimizer state', async () => {
  const kept = device()
  const first = await visit(kept)
  await first.approveRounds(plan, { runId: null, modelId: null })
  await expect.poll(() => [first.state().halted, first.state().reveal?.round], patiently).toEqual([null, 1])
  const [created] = first.models()
  expect(created).toMatchObject({ state: 'pending' })
  await expect.poll(() => first.state().activity, patiently).toBe('commit')

  // The page is closed and opened again: all that goes on comes from what was stored.
  const second = await visit(kept)
  expect(second.stores.rounds.getState().running).toBe(false)
  await second.resumeRounds()
  await second.advanceEpoch()
  await expect.poll(() => [second.state().halted, second.state().reveal?.round], patiently).toEqual([null, 2])
  expect(second.models()[0]).toMatchObject({ id: created!.id, state: 'active' })
  const before = second.models()[0]!
  await second.advanceEpoch()
  await expect
    .poll(() => [second.state().halted, second.state().ended], patiently)
    .toEqual([null, 'finished'])

  const model = second.models()[0]!
  expect(second.models()).toHaveLength(1)
  expect(model.manifest!.url).not.toBe(before.manifest!.url)
  expect(model.embedding).not.toEqual(before.embedding)
  const [record] = await second.runs()
  expect(record).toMatchObject({ stepsDone: 4, checkpoint: { step: 4 } })
  expect(record!.provenance?.rounds?.entries).toMatchObject([
    { from: 0, to: 2, outcome: 'revealed', commitEpoch: 0, revealEpoch: 1 },
    { from: 2, to: 4, outcome: 'revealed', commitEpoch: 1, revealEpoch: 2 },
  ])
  const [one, two] = record!.provenance!.rounds!.entries
  expect(one!.after).toBeLessThan(one!.before!)
  // What is in force is measured again, on the same data.
  expect(two!.before).toBe(one!.after)
  // Superseded packages are gone, and with them keys that nobody needs.
  expect(second.stores.publish.getState().drafts).toHaveLength(1)

  // Another run does not take the model's place unmeasured: what its host holds is what the new one must beat.
  const update = { ...plan, rounds: 1, checkpoints: 1, improvement: 10 }
  await second.approveRounds(update, { runId: null, modelId: model.id })
  await expect
    .poll(() => [second.state().halted, second.state().ended], patiently)
    .toEqual([null, 'finished'])
  expect(second.state().entries).toMatchObject([{ outcome: 'no-better', before: two!.after }])
  expect(second.models()[0]!.manifest!.url).toBe(model.manifest!.url)
}, 120_000)

test('signs without a question for a practice account only; a record that cannot be kept stops nothing', async () => {
  const kept = device()
  const full = () => Promise.reject(new StudioError('storage', 'The storage is full.'))
  const writeJson: typeof kept.vault.writeJson = (path, value) =>
    path.endsWith('strategies.json') ? full() : kept.vault.writeJson(path, value)
  const one = await visit({ ...kept, vault: { ...kept.vault, writeJson } })
  await expect(one.approveRounds({ ...plan, steps: 1 }, { runId: null, modelId: null })).rejects.toThrow(
    'no 2 checkpoints',
  )
  await expect(one.approveRounds(plan, { runId: 'none', modelId: null })).rejects.toMatchObject({
    code: 'not-found',
  })
  await one.approveRounds({ ...plan, confirm: 'each' }, { runId: null, modelId: null })
  const wizard = () => one.stores.publish.getState().wizard
  await expect.poll(() => wizard()?.review?.act, patiently).toBe('create')
  expect(one.stores.view.getState().screen).toBe('publish')
  expect(one.stores.publish.getState().drafts[0]!.embeddingNote).toMatch(
    /The record of this embedding could not be kept with its run: The storage is full\.$/,
  )
  await one.stopRounds()
  await expect.poll(() => one.state().ended, patiently).toBe('stopped')
  expect(one.models()).toHaveLength(0)
}, 60_000)
