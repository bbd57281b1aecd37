import { readFileSync } from 'node:fs'
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
/** Nats by the network's contract: what a relative learned, added to mine, on its kind of data; 1.67 ± 0.05 over seeds. */
const ADDED = 0.5
/** The same: a uniform soup with a stranger, minus the greedy one; 1.78 ± 0.03. */
const GREEDY = 1
/** The same: halfway to a stranger, minus halfway to a relative; 1.37 ± 0.05. */
const FARTHER = 0.7
/** The same: halfway to a stranger, minus what one has alone; 2.63 ± 0.03. */
const LOST = 1.5
/** The same: the better of two relatives, minus their best blend, on both kinds of data; 1.07 ± 0.01. */
const AVERAGED = 0.5

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
  for (const part of ['embeddingError', 'logitDivergence']) {
    await expect(studio.at(`chart-${part}`)).toHaveAttribute('data-points', '12')
  }
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

  // It is kept with the run, as what it was taught is.
  await studio.go('Runs')
  await studio.at('run-details-button').first().click()
  await expect(studio.at('run-strategies')).toContainText(/Stands at .* from Weathervane, .* from Brackets/)
  await studio.at('run-details-button').first().click()
  await studio.at('run-details-button').nth(1).click()
  await expect(studio.at('run-details')).toContainText('KL weight 20, temperature 1')
  const download = page.waitForEvent('download')
  await studio.at('export-csv').click()
  const [names, first] = readFileSync(await (await download).path(), 'utf8').split('\r\n')
  expect(names).toMatch(/,embeddingError,logitDivergence$/)
  expect(first).toMatch(/^1,.*,[\d.]+,[\d.]+$/)
})

test('relatives blend and add what they learned; a greedy soup leaves out a stranger, and halfway to one much is lost', async ({
  page,
}) => {
  const studio = new StudioDriver(page)
  const code = temporaryFile('own.code', corpus('code', 24))
  const measurements = temporaryFile('own.measurements', corpus('measurements', 24))
  await studio.prepareSmall(code, { steps: 16, sequence: 512 })
  await setNumbers(page, { 'Micro-batch': 2, 'Learning rate': 0.004, 'Warm-up steps': 4, Seed: 1 })
  const tune = async () => {
    await pick(studio, studio.at('start-select'), 'Weathervane')
    await studio.counted()
    await studio.at('train-button').click()
    await studio.waitForPhase('running')
    await studio.waitForPhase('finished')
  }
  await tune()
  await studio.dropData(measurements)
  await tune()

  await studio.go('Strategies')
  await studio.at('tab-blend').click()
  const runs = studio.at('mine-select').locator('option[value^="run:"]')
  await expect(runs).toHaveCount(2)
  // The newest first.
  const keys = await runs.evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value))
  const [onMeasurements, onCode] = keys as [string, string]
  /** Makes the run that is set up; its key. */
  const make = async () => {
    const merged = studio.at('merged')
    const before = (await merged.count()) > 0 ? await merged.getAttribute('data-run') : ''
    await studio.at('blend-button').click()
    const next = page.locator(`[data-testid="merged"]:not([data-run="${before}"])`)
    await expect(next).toBeVisible({ timeout: studio.patience })
    return `run:${await merged.getAttribute('data-run')}`
  }
  await studio.at('blend-kind').selectOption('taskArithmetic')
  await studio.at('mine-select').selectOption(onCode)
  await studio.at('theirs-select').selectOption(onMeasurements)
  await pick(studio, studio.at('base-select'), 'Weathervane')
  const added = await make()
  // All of theirs: the weights of a competitor as a run of mine.
  await studio.at('blend-kind').selectOption('average')
  await pick(studio, studio.at('theirs-select'), 'Brackets')
  await studio.fill('beta-input', 1)
  const stranger = await make()
  const soup = async (kind: 'soup' | 'greedySoup') => {
    await studio.at('blend-kind').selectOption(kind)
    for (const box of await page.getByRole('group', { name: 'Runs' }).getByRole('checkbox').all()) {
      const run = `run:${await box.getAttribute('value')}`
      await box.setChecked([onCode, onMeasurements, stranger].includes(run))
    }
    return make()
  }
  const uniform = await soup('soup')
  const greedy = await soup('greedySoup')
  // It begins with the best, so that what it tries next is halfway from there to the relative, then to the stranger.
  const tried = studio.at('merged').locator('tbody tr')
  await expect(tried.locator('td:last-child')).toHaveText(['yes', 'no', 'no'])
  const [, toRelative, toStranger] = (await tried.locator('td:nth-child(3)').allInnerTexts()).map(Number)
  expect(toStranger! - toRelative!).toBeGreaterThan(FARTHER)

  // By the network's contract on measurements that were held out.
  await studio.at('tab-rivals').click()
  await studio.at('score-rivals').click()
  await expect(studio.at('score-rivals')).toHaveText('All scored on your data', { timeout: studio.patience })
  const lossOf = async (run: string) =>
    Number(await studio.at('rivals').locator(`tr[data-model="${run}"]`).getAttribute('data-loss'))
  expect((await lossOf(onCode)) - (await lossOf(added))).toBeGreaterThan(ADDED)
  expect((await lossOf(uniform)) - (await lossOf(greedy))).toBeGreaterThan(GREEDY)

  /** From the weights that are chosen to those of measurements: losses of both, halfway, and of the best blend. */
  const sweep = async (chooseMine: () => Promise<unknown>) => {
    await studio.at('tab-blend').click()
    await studio.at('blend-kind').selectOption('average')
    await chooseMine()
    await studio.at('theirs-select').selectOption(onMeasurements)
    await page.getByLabel('Sweep on the network’s data too').uncheck()
    const from = await studio
      .at('mine-select')
      .evaluate((select) => (select as HTMLSelectElement).selectedOptions[0]?.textContent?.split(',')[0])
    await studio.at('sweep-button').click()
    await expect(studio.at('sweep')).toContainText(`0 is ${from}, 1 is `)
    await expect(studio.at('sweep')).toHaveAttribute('data-best', /my data/, { timeout: studio.patience })
    const cells = await studio.at('sweep-figures').locator('td').allInnerTexts()
    const [mine, halfway, theirs, blend] = cells.slice(1).map((text) => Number.parseFloat(text))
    return { mine: mine!, halfway: halfway!, theirs: theirs!, blend: blend! }
  }
  const far = await sweep(() => pick(studio, studio.at('mine-select'), 'Brackets'))
  expect(far.halfway - far.theirs).toBeGreaterThan(LOST)
  await expect(studio.at('sweep')).toContainText('On my data theirs alone is better than any blend.')
  // In equal parts of what each of the two has learned.
  await studio.go('Train')
  await studio.dropData(measurements, code)
  await studio.go('Strategies')
  const related = await sweep(() => studio.at('mine-select').selectOption(onCode))
  expect(Math.min(related.mine, related.theirs) - related.blend).toBeGreaterThan(AVERAGED)
  await expect(studio.at('sweep')).toContainText('Between the two on my data: the blend has a lower loss')
})

const corpus = (kind: Parameters<typeof makeCorpus>[0], kilobytes: number) =>
  makeCorpus(kind, kilobytes * 1024, 5001)

async function setNumbers(page: Page, numbers: Readonly<Record<string, number>>): Promise<void> {
  await page.getByRole('button', { name: 'Advanced' }).click()
  for (const [label, value] of Object.entries(numbers)) {
    await page.getByRole('textbox', { name: label, exact: true }).fill(`${value}`)
  }
}

/** Chooses a model of the network by its name. */
async function pick(studio: StudioDriver, select: Locator, name: string): Promise<void> {
  const option = select.locator('option[value^="model:"]', { hasText: name })
  await expect(option).toBeAttached({ timeout: studio.patience })
  await select.selectOption((await option.getAttribute('value')) ?? '')
}
