import { expect, it } from 'vitest'
import { allTargets } from './fuzz-seeds.ts'
import { runFuzz } from './run-fuzz.ts'

// 200,000 inputs in all; `scripts/soak.ts` runs as many as one likes.

const { bcs, messages, frames, texts } = await allTargets()
let total = 0

for (const [name, targets, each] of [
  ['BCS', bcs, 9_500],
  ['protobuf', messages, 6_500],
  ['gRPC-web frames', frames, 1_500],
  ['text forms', texts, 5_000],
] as const) {
  it(`${name}: what is not understood is a StudioError`, { timeout: 120_000 }, async () => {
    const report = await runFuzz(targets, each)
    expect(report.faults).toEqual([])
    // Some must get through, else only the first byte was ever looked at.
    expect(report.accepted).toBeGreaterThan(report.inputs / 100)
    expect(report.accepted).toBeLessThan(report.inputs)
    total += report.inputs
  })
}

it('200,000 inputs', () => expect(total).toBeGreaterThanOrEqual(200_000))
