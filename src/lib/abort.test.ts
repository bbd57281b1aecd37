import { expect, it } from 'vitest'
import { abortable, delay, throwIfAborted } from './abort.ts'

const cancelled = expect.objectContaining({ code: 'cancelled' })
const never = new Promise<never>(() => undefined)

it('throws only after the abort', () => {
  const controller = new AbortController()
  throwIfAborted(undefined)
  throwIfAborted(controller.signal)
  controller.abort()
  expect(() => throwIfAborted(controller.signal)).toThrow(cancelled)
})

it('passes outcomes through', async () => {
  const { signal } = new AbortController()
  await expect(abortable(Promise.resolve(3), signal)).resolves.toBe(3)
  await expect(abortable(Promise.reject(new Error('no')), signal)).rejects.toThrow('no')
})

it('stops waiting when aborted, before or during', async () => {
  await expect(abortable(never, AbortSignal.abort())).rejects.toThrow(cancelled)
  const controller = new AbortController()
  const waiting = delay(1_000_000, controller.signal)
  controller.abort()
  await expect(waiting).rejects.toThrow(cancelled)
  await delay(0)
})
