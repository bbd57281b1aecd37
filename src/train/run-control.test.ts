import { expect, test } from 'vitest'
import { createRunControl } from './run-control.ts'

/** Whether a promise has settled once every pending microtask has run. */
async function settled(promise: Promise<unknown>) {
  let done = false
  promise.then(() => {
    done = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  return done
}

test('a running loop passes the gate at once', async () => {
  expect(await createRunControl().gate()).toBe('go')
})

test('a paused loop waits and goes on', async () => {
  const waits: boolean[] = []
  const control = createRunControl((waiting) => waits.push(waiting))
  control.pause()
  const gate = control.gate()
  expect(await settled(gate)).toBe(false)
  control.resume()
  expect(await gate).toBe('go')
  expect(waits).toEqual([true, false])
})

test('a single step lets exactly one through', async () => {
  const control = createRunControl()
  control.pause()
  control.stepOnce()
  expect(await control.gate()).toBe('go')
  expect(await settled(control.gate())).toBe(false)
})

test('two single steps before the loop looks are both taken', async () => {
  const control = createRunControl()
  control.pause()
  control.stepOnce()
  control.stepOnce()
  expect(await control.gate()).toBe('go')
  expect(await control.gate()).toBe('go')
  expect(await settled(control.gate())).toBe(false)
})

test('stop ends a waiting loop and cannot be taken back', async () => {
  const control = createRunControl()
  control.pause()
  const gate = control.gate()
  control.stop()
  control.resume()
  expect(await gate).toBe('stop')
  expect(await control.gate()).toBe('stop')
  expect(control.stopped).toBe(true)
})
