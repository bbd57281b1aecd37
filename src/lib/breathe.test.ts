import { expect, test } from 'vitest'
import { breather } from './breathe.ts'

test('messages come in between two parts of a long sum, and a cancel ends it', async () => {
  const control = new AbortController()
  const breathe = breather(control.signal, 0)
  const heard: string[] = []
  setTimeout(() => heard.push('message'), 0)
  await breathe()
  heard.push('sum')
  expect(heard).toEqual(['message', 'sum'])
  control.abort()
  await expect(breathe()).rejects.toMatchObject({ code: 'cancelled' })
})

test('no time is given away before it is due', async () => {
  const breathe = breather(undefined, 60_000)
  let passed = false
  setTimeout(() => {
    passed = true
  }, 0)
  for (let turn = 0; turn < 100; turn += 1) await breathe()
  expect(passed).toBe(false)
})
