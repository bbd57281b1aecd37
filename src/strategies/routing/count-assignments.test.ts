import { expect, test } from 'vitest'
import { countAssignments, firstEpoch, mergeCounts, sumAssignments } from './count-assignments.ts'

test('assignments are counted by the epoch in which targets were made', () => {
  const made = (generationEpoch: bigint, ...modelIds: string[]) => ({ generationEpoch, modelIds })
  const counted = countAssignments(
    [made(4n, 'a', 'mine'), made(5n, 'mine'), made(4n, 'a', 'b'), made(5n, 'b', 'mine')],
    'mine',
  )
  expect(counted.map(({ epoch, targets, assigned }) => [epoch, targets, assigned])).toEqual([
    [5, 2, 2],
    [4, 2, 1],
  ])
  // Wilson's interval of 3 in 4, by the published formula at z = 1.959964.
  const sum = sumAssignments(counted)!
  expect(sum).toMatchObject({ targets: 4, assigned: 3, share: 0.75 })
  expect(sum.low).toBeCloseTo(0.3006, 4)
  expect(sum.high).toBeCloseTo(0.9544, 4)
  expect(sumAssignments([])).toBeNull()
})

test('what an earlier list showed more of is kept', () => {
  const count = (epoch: number, targets: number, assigned: number) => ({ epoch, targets, assigned })
  const kept = [count(4, 100, 30), count(3, 90, 20)]
  expect(mergeCounts(kept, [count(5, 100, 25), count(4, 40, 10), count(3, 100, 22)])).toEqual([
    count(5, 100, 25),
    count(4, 100, 30),
    count(3, 100, 22),
  ])
})

test('a model counts from the epoch after its first reveal, one of genesis from the beginning', () => {
  expect(firstEpoch(0n, [])).toBe(0)
  expect(firstEpoch(7n, [])).toBe(8)
  // Revealed again since by this device.
  expect(firstEpoch(7n, [12])).toBe(8)
  expect(firstEpoch(null, [12, 15])).toBe(13)
})
