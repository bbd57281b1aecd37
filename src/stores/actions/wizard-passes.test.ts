import { expect, test, vi } from 'vitest'
import { createPublishStore } from '../publish-store.ts'
import { createWizardPasses } from './wizard-passes.ts'

function setUp() {
  const publish = createPublishStore()
  const onEnd = vi.fn()
  return { publish, onEnd, passes: createWizardPasses(publish, onEnd) }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('a second pass takes the wizard over and keeps it', async () => {
  const { publish, passes, onEnd } = setUp()
  const answers: boolean[] = []
  const first = passes.run('review', 'a', async ({ answer }) => void answers.push(await answer()))
  await turn()
  const second = passes.run('embed', 'b', async ({ edit, answer }) => {
    edit({ stage: 'review' })
    answers.push(await answer())
  })
  await first
  await turn()
  expect(publish.getState().wizard).toMatchObject({ stage: 'review', draftId: 'b' })
  expect(onEnd).toHaveBeenCalledTimes(1)
  passes.sign()
  await second
  expect(answers).toEqual([false, true])
})

test('passes never overlap: the next begins when the one before has let go', async () => {
  const { passes } = setUp()
  const log: string[] = []
  let letGo = () => {}
  const first = passes.run('embed', null, async ({ signal }) => {
    await new Promise<void>((resolve) => {
      letGo = resolve
    })
    log.push(`first ends, aborted ${signal.aborted}`)
  })
  await turn()
  const second = passes.run('embed', null, async () => void log.push('second'))
  await turn()
  expect(log).toEqual([])
  letGo()
  await Promise.all([first, second])
  expect(log).toEqual(['first ends, aborted true', 'second'])
})

test('a failure stays on the screen of its own pass, and what was closed stays closed', async () => {
  const { publish, passes } = setUp()
  await passes.run('embed', null, async () => {
    throw new Error('no luck')
  })
  expect(publish.getState().wizard?.error?.message).toBe('no luck')
  const closed = passes.run('embed', null, async ({ answer }) => {
    await answer()
    throw new Error('late')
  })
  await turn()
  passes.close()
  await closed
  expect(publish.getState().wizard).toBeNull()
})

test('a signature on its way cannot be closed or replaced', async () => {
  const { publish, passes } = setUp()
  let sent = () => {}
  const pass = passes.run('review', 'a', async ({ edit }) => {
    edit({ signing: true })
    await new Promise<void>((resolve) => {
      sent = resolve
    })
    edit({ signing: false, stage: 'receipt' })
  })
  await turn()
  passes.close()
  void passes.run('embed', null, async () => {})
  expect(publish.getState().wizard).toMatchObject({ draftId: 'a', signing: true })
  sent()
  await pass
  expect(publish.getState().wizard?.stage).toBe('receipt')
})
