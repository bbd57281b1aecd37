import { expect, test } from 'vitest'
import { defaultRecipe } from '../../train/recipe.ts'
import type { RunRecord } from '../../worker/protocol.ts'
import { nearerWords, taughtWords, trainedAlone } from './taught-or-alone.ts'

const recipe = { ...defaultRecipe('small'), steps: 10 }
const run = (name: string, lossLast: number, change: Partial<RunRecord> = {}) =>
  ({
    id: name,
    name,
    createdAt: 1,
    recipe,
    corpus: { digest: 'd', split: 's', sources: [{ name: 'a' }] },
    stepsDone: 10,
    lossLast,
    ...change,
  }) as unknown as RunRecord
const teachers = [{ label: 'Owl', digest: 't', weight: 1, path: '' }]
const taught = run('Taught', 2, { distillation: { alpha: 0.5, teachers } })
const words = (...others: RunRecord[]) => taughtWords(taught, trainedAlone(taught, [taught, ...others]))

test('a distilled run is compared with the same run without a teacher', () => {
  expect(words(run('Alone', 2.25))).toBe(
    'In validation distillation was better than training alone on this data: it ended 0.2500 below Alone, the same without a teacher, which ended at 2.2500.',
  )
  expect(words(run('Alone', 1.75))).toMatch(
    /worse than training alone on this data: it ended 0\.2500 above Alone/,
  )
  // A teacher at alpha 1 is only measured; the nearer recipe goes before the newer run.
  const seeded = run('Seeded', 1, { recipe: { ...recipe, seed: 8 }, createdAt: 9 })
  const measured = run('Measured', 2, { distillation: { alpha: 1, teachers } })
  expect(words(seeded, measured)).toMatch(
    /^In validation distillation made no difference: .* level with Measured/,
  )
  expect(words(seeded)).toContain('above Seeded, the same without a teacher, with another seed, which ended')
  expect(nearerWords(0.01, 0.5, { run: measured, differs: [] })).toBe(
    'Its embedding ended nearer to the teachers than that of Measured: mean square distance 0.0100 against 0.500.',
  )
})

test('what would compare something else is not compared', () => {
  const others = [
    run('other data', 1, {
      corpus: { digest: 'e', split: 's', sources: [{ name: 'a' }] } as unknown as RunRecord['corpus'],
    }),
    run('from before the split was stored', 1, {
      corpus: { digest: 'd', sources: [{ name: 'a' }] } as unknown as RunRecord['corpus'],
    }),
    run('longer', 1, { recipe: { ...recipe, sequence: 256 } }),
    run('other steps', 1, { recipe: { ...recipe, steps: 20 }, stepsDone: 20 }),
    run('not over', 1, { stepsDone: 9 }),
    run('taught too', 1, { distillation: { alpha: 0.1, teachers } }),
    run('other start', 1, { base: { label: 'x', digest: 'x' } }),
  ]
  expect(words(...others)).toMatch(/^Whether its teachers helped is not known/)
  expect(taughtWords(others[0]!, null)).toBeNull()
  expect(taughtWords({ ...taught, stepsDone: 9 }, null)).toBeNull()
})
