import { expect, type Locator, type Page, test } from '@playwright/test'
import { makeCorpus } from '../src/practice/players/corpora.ts'
import { temporaryFile } from './corpus-file.ts'
import { StudioDriver } from './studio-driver.ts'

/*
 * What the ways to come by weights do, through the page alone and on fixed seeds: students of the leader, and blends of
 * what was fine-tuned from it. The margins are those of scripts/strategies/effects.ts or larger, below the usual figure by
 * several standard deviations; every figure is read from the screen.
 */

/** Natural logarithm of the ratio of distances, with a teacher and alone; 3.7 ± 0.1 over seeds. */
const TAUGHT = 1.5
/** The same with two teachers and with one, to the mean of both; 3.5 ± 0.4. */
const BOTH = 1
/** The same to the second teacher; 1.6 ± 0.1. */
const SECOND = 1
/** Nats per byte, KL, with the teacher's predictions and without; 0.59 ± 0.01. */
const PREDICTED = 0.3

test('students end beside their teacher, between two teachers, and nearer to its predictions', async ({
  page,
}) => {
  const studio = new StudioDriver(page)
  await studio.prepareSmall(temporaryFile('own.tsv', corpus('measurements', 48)), {
    steps: 12,
    sequence: 128,
  })
  await setNumbers(page, { 'Learning rate': 0.004, 'Warm-up steps': 4, 'Validation windows': 16, Seed: 1 })
  await studio.at('train-button').click()
  await studio.waitForPhase('finished')
  /** Chooses the teachers; the tab begins with one, that of the most wins. */
  const choose = async (...names: readonly string[]) => {
    await studio.go('Strategies')
    await studio.at('tab-distil').click()
    for (const [index, name] of names.entries()) {
      if (index > 0) await page.getByRole('button', { name: 'Add a teacher' }).click()
      await pick(studio, studio.at(`teacher-${index}`), name)
    }
  }
  const distil = async () => {
    await studio.fill('alpha-input', 0.1)
    await studio.at('distil-button').click()
    await studio.waitForPhase('running')
    await studio.waitForPhase('finished')
  }
  await choose('Weathervane')
  await distil()
  await choose('Weathervane')
  await page.getByLabel('Learn from the teachers’ predictions too').check()
  await page.getByLabel('Weight of the KL').fill('20')
  await page.getByLabel('Temperature').fill('1')
  await distil()
  await choose('Weathervane', 'Brackets')
  await distil()

  // All four on the data that none of them was trained on.
  await choose('Weathervane', 'Brackets')
  await studio.at('compare-teachers').click()
  const rows = studio.at('teacher-distances').locator('tr')
  await expect(rows).toHaveCount(4, { timeout: studio.patience })
  const figures = async (row: number) => {
    const cells = await rows.nth(row).locator('td').allInnerTexts()
    const [first, divergence, second, , mean] = cells.slice(1).map(Number)
    return { first: first!, divergence: divergence!, second: second!, mean: mean! }
  }
  // The newest first.
  const [both, predicted, taught, alone] = [
    await figures(0),
    await figures(1),
    await figures(2),
    await figures(3),
  ]
  expect(Math.log(alone.first / taught.first)).toBeGreaterThan(TAUGHT)
  expect(Math.log(taught.mean / both.mean)).toBeGreaterThan(BOTH)
  expect(Math.log(taught.second / both.second)).toBeGreaterThan(SECOND)
  expect(taught.divergence - predicted.divergence).toBeGreaterThan(PREDICTED)

  // It is kept with the run.
  await studio.go('Runs')
  await studio.at('run-details-button').first().click()
  await expect(studio.at('run-strategies')).toContainText(/Stands at .* from Weathervane, .* from Brackets/)
})

const corpus = (kind: Parameters<typeof makeCorpus>[0], kilobytes: number, seed = 1) =>
  makeCorpus(kind, kilobytes * 1024, 5000 + seed)

async function setNumbers(page: Page, numbers: Readonly<Record<string, number>>): Promise<void> {
  await page.getByRole('button', { name: 'Advanced' }).click()
  for (const [label, value] of Object.entries(numbers)) {
    await page.getByLabel(label, { exact: true }).fill(`${value}`)
  }
}

/** Chooses a model of the network by its name. */
async function pick(studio: StudioDriver, select: Locator, name: string): Promise<void> {
  const option = select.locator('option[value^="model:"]', { hasText: name })
  await expect(option).toBeAttached({ timeout: studio.patience })
  await select.selectOption((await option.getAttribute('value')) ?? '')
}
