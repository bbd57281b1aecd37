import { expect, test } from 'vitest'
import { SubmitPace } from './submit-pace.ts'

/** A device that takes a millisecond for `rate` multiply-adds, and says so when it is let go on. */
function fakeDevice(rate: number) {
  let time = 0
  const waiting: { work: number; done: () => void }[] = []
  const queue = {
    onSubmittedWorkDone: () =>
      new Promise<undefined>((resolve) => {
        waiting.push({ work: 0, done: () => resolve(undefined) })
      }),
  }
  const pace = new SubmitPace(queue, 1000, () => time)
  return {
    pace,
    submit(work: number) {
      pace.submitted(work)
      waiting.at(-1)!.work = work
    },
    async finishOne() {
      const { work, done } = waiting.shift()!
      time += work / rate
      done()
      await new Promise((resolve) => setImmediate(resolve))
    },
    waiting,
  }
}

test('cuts by work, never below one dispatch and never above 64', () => {
  const { pace } = fakeDevice(1000)
  expect(pace.sliceEnd([40_000, 40_000, 40_000, 1], 0, 4)).toBe(2)
  expect(pace.sliceEnd([1e9, 1, 1], 0, 3)).toBe(1)
  const many = Array.from({ length: 200 }, () => 1)
  expect(pace.sliceEnd(many, 0, 200)).toBe(64)
  expect(pace.sliceEnd(many, 150, 200)).toBe(200)
})

test('learns the speed of the device, up and down', async () => {
  const work = Array.from({ length: 60 }, () => 50_000)
  for (const rate of [100, 25_000]) {
    const device = fakeDevice(rate)
    for (let round = 0; round < 20; round += 1) {
      device.submit(device.pace.sliceEnd(work, 0, 60) * 50_000)
      await device.finishOne()
    }
    const milliseconds = (device.pace.sliceEnd(work, 0, 60) * 50_000) / rate
    // One dispatch of 50,000 is as short as a slice of the slow device can be.
    expect(milliseconds).toBeLessThanOrEqual(Math.max(100, 50_000 / rate) * 1.05)
    expect(milliseconds).toBeGreaterThanOrEqual(80)
  }
})

test('lets three submits wait and holds back a fourth', async () => {
  const device = fakeDevice(1000)
  for (let index = 0; index < 3; index += 1) {
    await device.pace.ready()
    device.submit(1)
  }
  let free = false
  const fourth = device.pace.ready().then(() => {
    free = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(free).toBe(false)
  await device.finishOne()
  await fourth
  expect(free).toBe(true)
})
