import { expect, test } from 'vitest'
import { StudioError } from '../lib/studio-error.ts'
import { createPromptDesk } from './prompt-desk.ts'
import { createSigningStore } from './signing-store.ts'

const passphrase = { kind: 'passphrase', address: '0x1', name: 'Main' } as const
const waiting = { kind: 'wallet', name: 'Fake' } as const

function setUp() {
  const signing = createSigningStore()
  return { desk: createPromptDesk(signing), prompt: () => signing.getState().prompt }
}

test('a wrong answer is asked for again, a right one closes the prompt', async () => {
  const { desk, prompt } = setUp()
  const asked = desk.ask(passphrase, async (answer) => {
    if (answer !== 'right') throw new StudioError('refused', 'Wrong.')
    return 42
  })
  const first = desk.answer('wrong')
  expect(prompt()).toMatchObject({ checking: true, fault: null })
  // An answer while one is checked is ignored.
  await desk.answer('right')
  await first
  expect(prompt()).toMatchObject({ prompt: passphrase, checking: false, fault: { message: 'Wrong.' } })
  expect(JSON.stringify(prompt())).not.toContain('wrong')
  await desk.answer('right')
  expect(await asked).toBe(42)
  expect(prompt()).toBeNull()
})

test('one prompt at a time; cancelling is a no, and a late answer reaches nobody', async () => {
  const { desk, prompt } = setUp()
  let finish = (_value: string) => {}
  const asked = desk.ask(passphrase, () => new Promise<string>((resolve) => (finish = resolve)))
  await expect(desk.ask(passphrase, async () => 1)).rejects.toMatchObject({ code: 'refused' })
  const answered = desk.answer('slow')
  desk.cancel()
  await expect(asked).rejects.toMatchObject({ code: 'cancelled' })
  const next = desk.wait(waiting, new Promise(() => {}))
  finish('late')
  await answered
  expect(prompt()).toEqual({ prompt: waiting, checking: false, fault: null })
  desk.cancel()
  await expect(next).rejects.toMatchObject({ code: 'cancelled' })
  desk.cancel()
})

test('what is waited for closes the prompt, well or badly', async () => {
  const { desk, prompt } = setUp()
  expect(await desk.wait(waiting, Promise.resolve(1))).toBe(1)
  await expect(desk.wait(waiting, Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(prompt()).toBeNull()
})
