import { expect, test } from 'vitest'
import type { CorpusSummary } from '../../data/corpus-summary.ts'
import { memoryStore } from '../../lib/key-value-store.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { CorpusItem, RunRecord, TrainerCall } from '../../worker/protocol.ts'
import { createCorpusStore } from '../corpus-store.ts'
import { createRunStore } from '../run-store.ts'
import { createRunsStore } from '../runs-store.ts'
import { createSetupStore } from '../setup-store.ts'
import type { StudioParts } from '../studio-parts.ts'
import { corpusActions } from './corpus-actions.ts'
import { rememberData } from './last-data.ts'

/** A trainer whose inspections end when the test says so. */
function studio() {
  const stores = {
    corpus: createCorpusStore(),
    setup: createSetupStore(),
    run: createRunStore(),
    runs: createRunsStore(),
  }
  const storage = memoryStore()
  const kept: CorpusItem[] = []
  const asked: { names: string[]; answer(): void; refuse(message: string): void }[] = []
  const trainer = {
    call: (call: TrainerCall) =>
      new Promise((resolve, reject) => {
        if (call.kind === 'runItems') return resolve(kept)
        if (call.kind !== 'inspect') return
        const names = call.items.map(({ name }) => name)
        const answer = () => resolve({ digest: names.join(), bytes: 4 } as CorpusSummary)
        asked.push({ names, answer, refuse: (message) => reject(new StudioError('bad-input', message)) })
      }),
  }
  const parts = { stores, trainer, storage, assetUrl: (path: string) => path } as unknown as StudioParts
  return { ...stores, storage, kept, asked, actions: corpusActions(parts) }
}

const file = (name: string) => new File(['text'], name)
const item = (name: string): CorpusItem => ({ name, origin: 'target', data: new Blob(['data']) })

test('of two drops that overlap the later one stays, whichever is read first', async () => {
  const { corpus, asked, actions } = studio()
  const both = [actions.takeFiles([file('first')]), actions.takeFiles([file('second')])]
  await Promise.resolve()
  asked[1]!.answer()
  asked[0]!.answer()
  await Promise.all(both)
  expect(corpus.getState()).toMatchObject({ status: 'ready', summary: { digest: 'second' }, error: null })
})

test('a refusal is shown and the corpus stays', async () => {
  const { corpus, asked, actions } = studio()
  const good = actions.takeFiles([file('good')])
  await Promise.resolve()
  asked[0]!.answer()
  await good
  const bad = actions.takeFiles([file('bad')])
  expect(corpus.getState().status).toBe('inspecting')
  await Promise.resolve()
  asked[1]!.refuse('nothing in it')
  await bad
  expect(corpus.getState()).toMatchObject({
    status: 'ready',
    summary: { digest: 'good' },
    error: { message: 'nothing in it' },
  })
})

test('data of targets joins what is there, each target once', async () => {
  const { asked, actions } = studio()
  const own = actions.takeFiles([file('own')])
  await Promise.resolve()
  asked[0]!.answer()
  await own
  const add = async (names: string[]) => {
    const adding = actions.addItems(async () => names.map(item))
    await new Promise((resolve) => setImmediate(resolve))
    asked.at(-1)!.answer()
    await adding
    return asked.at(-1)!.names
  }
  expect(await add(['a', 'b'])).toEqual(['own', 'a', 'b'])
  expect(await add(['b', 'c'])).toEqual(['own', 'a', 'b', 'c'])
})

test('a recount waits for a drop that is being read, and counts what it brought', async () => {
  const { corpus, asked, actions } = studio()
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  const first = actions.takeFiles([file('first')])
  await turn()
  asked[0]!.answer()
  await first
  const both = [actions.takeFiles([file('second')]), actions.recount()]
  await turn()
  expect(asked.map(({ names }) => names)).toEqual([['first'], ['second']])
  asked[1]!.answer()
  await turn()
  expect(asked[2]!.names).toEqual(['second'])
  asked[2]!.answer()
  await Promise.all(both)
  expect(corpus.getState()).toMatchObject({ status: 'ready', summary: { digest: 'second' } })
  // Without data there is nothing to count, and nothing is asked.
  const empty = studio()
  await empty.actions.recount()
  expect(empty.asked).toEqual([])
})

test('the next visit begins with the data of the last run, until its copy goes with that run', async () => {
  const { corpus, runs, storage, asked, actions, kept } = studio()
  const first = actions.takeFiles([file('mine')])
  await Promise.resolve()
  asked[0]!.answer()
  await first
  rememberData(storage, 'r', corpus.getState())

  kept.push(item('mine'))
  corpus.setState(createCorpusStore().getInitialState())
  const again = actions.takeLastCorpus()
  await new Promise((resolve) => setTimeout(resolve))
  expect(asked[1]!.names).toEqual(['mine'])
  asked[1]!.answer()
  await again
  expect(corpus.getState()).toMatchObject({ status: 'ready', fromCopy: 'mine' })

  runs.setState({ runs: [{ id: 'other', corpus: { digest: 'mine' } } as RunRecord] })
  await actions.letGoOfDeleted()
  expect(corpus.getState().status).toBe('ready')
  runs.setState({ runs: [] })
  void actions.letGoOfDeleted()
  expect(corpus.getState().status).toBe('inspecting')
  expect(storage.get('data-of-run')).toBeUndefined()
})

test('a drop while the data of the last run is being read is what stays, whether that can be read or not', async () => {
  for (const gone of [false, true]) {
    const { corpus, storage, asked, actions, kept } = studio()
    storage.set('data-of-run', 'r')
    kept.push(item('mine'))
    const turn = () => new Promise((resolve) => setTimeout(resolve))
    const began = actions.takeLastCorpus()
    await turn()
    const dropped = actions.takeFiles([file('dropped')])
    await turn()
    if (gone) asked[0]!.refuse('no copy')
    else asked[0]!.answer()
    await began
    // Nothing else was asked for that would take the place of the drop.
    expect(asked.map(({ names }) => names)).toEqual([['mine'], ['dropped']])
    asked[1]!.answer()
    await dropped
    expect(corpus.getState()).toMatchObject({ status: 'ready', summary: { digest: 'dropped' }, error: null })
  }
})
