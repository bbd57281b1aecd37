import { describe, expect, it } from 'vitest'
import { relativeDifference } from '../../../../test/golden-tensors.ts'
import { KernelBench } from '../kernel-bench.ts'
import { testValues } from '../test-values.ts'
import { klCpu } from './kl-divergence.cpu.ts'
import { klVariant } from './kl-divergence.ts'

const bench = await KernelBench.open('default')

describe.skipIf(!bench).each(['thread', 'group'] as const)('KL divergence by %s', (unit) => {
  it.each([
    [1, 4, 1],
    [3, 264, 2],
    [17, 264, 0.5],
    [129, 12, 1],
  ])('%i rows of %i at temperature %d as the twin', async (rows, vocab, temperature) => {
    const [student, teacher] = [testValues(rows * vocab, 1, 4), testValues(rows * vocab, 2, 4)]
    const { losses, dstudent } = klCpu(student, teacher, vocab, temperature)
    const { kernel, threads, constants } = klVariant(unit, rows, vocab)
    const params = { vocab, inverse_temperature: 1 / temperature, scale: 0.5 }
    const result = await bench!.call({
      kernel,
      threads,
      constants,
      params,
      values: { teacher, student, losses: rows },
    })
    expect(relativeDifference(result.losses, losses)).toBeLessThan(1e-6)
    expect(
      relativeDifference(
        result.student,
        dstudent.map((value) => value / 2),
      ),
    ).toBeLessThan(3e-6)
    const masked = await bench!.call({
      kernel,
      threads,
      constants: { ...constants, PAD: 256 },
      params,
      values: { teacher, targets: Int32Array.from(losses, () => 256), student, losses: rows },
    })
    expect([...masked.losses, ...masked.student].every((value) => value === 0)).toBe(true)
  })
})
