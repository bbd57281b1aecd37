import { readFileSync } from 'node:fs'
import { expect, type Locator, test } from '@playwright/test'
import { type CorpusName, makeCorpus } from '../src/practice/players/corpora.ts'
import { parseWorld } from '../src/practice/world.ts'
import { temporaryFile } from './corpus-file.ts'
import { recordFigures } from './record-figure.ts'
import { StudioDriver } from './studio-driver.ts'

/** Nats per target, from the weights that a plan begins with to what it has in force: usual are 2.7. */
const FALLS = 1.5
/** Nats per target, by which training on other data is worse than what it began with. */
const AWAY = 0.5
/** Filled targets of the region that both plans choose by. */
const CHOSEN_BY = 4

const world = parseWorld(JSON.parse(readFileSync('public/worlds/small/world.json', 'utf8')))
const ofBrackets = new Set(
  world.targets.filter(({ data, winner }) => data === 'code' && winner === 'Brackets').map(({ id }) => id),
)

test('a plan of rounds, approved once, improves what is in force and survives a reload; one that leads away publishes nothing', async ({
  page,
}, info) => {
  const seen = recordFigures(info)
  const studio = new StudioDriver(page)
  /** Sets up the Train screen; two kilobytes are two windows to embed, more would be most of this test's time. */
  const setUp = async (kind: CorpusName, start: Locator) => {
    await studio.chooseConfig('small')
    await studio.dropData(temporaryFile(`${kind}.txt`, makeCorpus(kind, 2048, 8001)))
    await expect(start).toBeAttached({ timeout: studio.patience })
    await studio.at('start-select').selectOption((await start.getAttribute('value')) ?? '')
    const rate = page.getByRole('textbox', { name: 'Learning rate', exact: true })
    if (!(await rate.isVisible())) await page.getByRole('button', { name: 'Advanced' }).click()
    await rate.fill('0.004')
    await page.getByRole('textbox', { name: 'Micro-batch', exact: true }).fill('4')
    await page.getByRole('textbox', { name: 'Warm-up steps', exact: true }).fill('2')
    await studio.fill('sequence-input', 256)
    await studio.counted()
  }
  /** Chooses by a region that holds code, as does the file that the first plan trains on. */
  const chooseByRegion = async () => {
    await studio.at('rounds-by').selectOption('region')
    await studio.at('find-regions').click()
    const options = studio.at('rounds-region').locator('option')
    await expect(options.first()).toBeAttached()
    const ids = await options.evaluateAll((all) => all.map((one) => one.getAttribute('value') ?? ''))
    await studio.at('rounds-region').selectOption(ids.find((id) => ofBrackets.has(id)) ?? '')
    await studio.fill('rounds-limit', CHOSEN_BY)
    await expect(studio.at('rounds-review')).toBeEnabled()
  }
  await studio.open()
  // Their submissions of each epoch would be scored beside all this: most of the time of a loaded machine.
  await studio.go('Network')
  await studio.at('players-switch').uncheck()
  await studio.go('Train')
  await setUp('code', studio.at('start-select').locator('option', { hasText: 'Weathervane' }))
  await studio.go('Strategies')
  await studio.at('tab-rounds').click()
  await studio.fill('rounds-rounds', 2)
  await studio.fill('rounds-steps', 8)
  await chooseByRegion()
  await studio.at('rounds-review').click()
  await expect(studio.at('rounds-approval')).toContainText('stakes 1.000000000 SOMA, which stays yours')
  await studio.at('rounds-approve').click()

  // The second round is trained while the commit of the first waits for its epoch.
  const rounds = studio.at('rounds')
  const entry = (round: number) => page.locator(`[data-testid="round-entry"][data-round="${round}"]`)
  const waits = studio.at('rounds-waits')
  await expect(waits).toContainText('which begins when you say so', { timeout: studio.patience })
  await expect(rounds).toHaveAttribute('data-round', '2')
  await expect(entry(1)).toHaveAttribute('data-from', '0')
  await expect(entry(1)).toHaveAttribute('data-to', '8')
  await expect(entry(1)).toHaveAttribute('data-outcome', 'committed')
  const lossOf = async (round: number, which: 'before' | 'after') =>
    Number(await entry(round).getAttribute(`data-${which}`))
  const begun = await lossOf(1, 'before')
  expect(await lossOf(1, 'after')).toBeLessThan(begun)

  // A closed page loses nothing: it goes on where it stood, here before the reveal.
  await page.reload()
  await studio.go('Strategies')
  await studio.at('tab-rounds').click()
  await studio.at('rounds-resume').click()
  await expect(waits).toBeVisible()
  await studio.advanceEpoch()
  await expect(entry(1)).toHaveAttribute('data-outcome', 'revealed', { timeout: studio.patience })
  // The run went on at the step where the first round ended.
  await expect(entry(2)).toHaveAttribute('data-outcome', 'committed', { timeout: studio.patience })
  await expect(entry(2)).toHaveAttribute('data-from', '8')
  await expect(entry(2)).toHaveAttribute('data-to', '16')
  await studio.advanceEpoch()
  await expect(rounds).toHaveAttribute('data-ended', 'finished', { timeout: studio.patience })
  await expect(entry(2)).toHaveAttribute('data-outcome', 'revealed')
  await expect(entry(1)).toContainText('replaced by round 2')
  const inForce = await lossOf(2, 'after')
  seen('rounds: falls', begun - inForce)
  expect(inForce).toBeLessThan(begun - FALLS)

  // The run has kept its last five checkpoints: a recipe takes them with one click.
  await studio.at('tab-recipes').click()
  await page.getByRole('button', { name: 'Run Soup of my last five' }).click()
  await expect(studio.at('recipe-applied')).toContainText('has made a run', { timeout: studio.patience })

  // Trained on from what is in force with data of another kind, by the same measure: it stays in force.
  await studio.go('Train')
  // The newest run is the soup.
  await setUp('measurements', studio.at('start-select').locator('option[value^="run:"]').nth(1))
  await studio.go('Strategies')
  await studio.at('tab-rounds').click()
  await studio.fill('rounds-rounds', 1)
  await studio.fill('rounds-steps', 16)
  await studio.fill('rounds-checkpoints', 1)
  await chooseByRegion()
  await studio.at('rounds-review').click()
  await studio.at('rounds-approve').click()
  await expect(rounds).toHaveAttribute('data-ended', 'finished', { timeout: studio.patience })
  await expect(entry(1)).toHaveAttribute('data-outcome', 'no-better')
  const [kept, led] = [await lossOf(1, 'before'), await lossOf(1, 'after')]
  seen('rounds: away', led - kept)
  expect(led).toBeGreaterThan(kept + AWAY)

  await studio.go('Publish')
  await expect(studio.at('draft-state')).toHaveText(['active'])
})
