import { expect, test } from '@playwright/test'
import { compactAddress } from '../src/lib/soma-address.ts'
import { makeCorpus } from '../src/practice/players/corpora.ts'
import { shippedRecipes } from '../src/strategies/recipes/shipped-recipes.ts'
import type { StrategyRecipe } from '../src/strategies/recipes/strategy-recipe.ts'
import { temporaryFile } from './corpus-file.ts'
import { StudioDriver } from './studio-driver.ts'

/*
 * The update of an embedding as its user does it. The world's own players stand still, so that an epoch costs nothing;
 * what is won is data of this device.
 */

const DAYS_MS = 8 * 86_400_000
/** A target asks three of five models; a model that is the best at what is offered wins each target that asks it. */
const MOST_OFFERS = 12

/** A few windows of the embedding's sample: each costs as much as a step. */
const recipe: StrategyRecipe = {
  ...shippedRecipes['fine-tune-the-leader'],
  name: 'From the leader',
  data: [{ kind: 'own' }],
  training: { config: 'network', changes: { steps: 8, learningRate: 4e-3, warmupSteps: 2 } },
  embedding: { kind: 'genesis', windows: 4, seed: 7 },
}

test('wins are counted, the embedding is computed again over them, compared, and registered without an upload', async ({
  page,
}) => {
  const studio = new StudioDriver(page)
  await studio.open()
  await studio.chooseConfig('small')
  await studio.dropData(temporaryFile('own.tsv', makeCorpus('measurements', 8 * 1024, 7001)))
  await studio.go('Network')
  await studio.at('players-switch').uncheck()
  await studio.go('Strategies')
  await studio.at('tab-recipes').click()
  await page.locator('input[type=file][accept*=json]').setInputFiles({
    name: 'mine.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(recipe)),
  })
  await page.getByRole('button', { name: 'Run From the leader' }).click()
  await studio.waitForPhase('finished')
  await expect(studio.at('sequence-input')).toHaveValue('1024')
  await studio.commit()
  const modelId = (await studio.at('model-id').first().textContent()) ?? ''
  await studio.advanceEpoch()
  await studio.reveal()

  // Targets of the next epoch ask the new model too.
  await studio.go('Network')
  await studio.advanceEpoch()
  await page.getByRole('button', { name: 'open', exact: true }).click()
  let won = 0
  for (let offer = 0; won === 0 && offer < MOST_OFFERS; offer += 1) {
    await studio.at('submit').nth(offer).click()
    await studio.choose(
      'submit-file',
      temporaryFile(`${offer}.tsv`, makeCorpus('measurements', 700, 7100 + offer)),
    )
    await studio.at('submit-score').click()
    const review = page.getByRole('dialog')
    await expect(review).toContainText('scored with', { timeout: studio.patience })
    if ((await review.innerText()).includes(`scored with ${compactAddress(modelId)}`)) won += 1
    await studio.at('request-sign').click()
    await studio.sent()
  }
  expect(won).toBe(1)

  await studio.go('Strategies')
  await studio.at('tab-update').click()
  await expect(studio.at('update')).toHaveAttribute('data-wins', '1', { timeout: studio.patience })
  await expect(studio.at('update')).toContainText('1 of 100')
  await expect(studio.at('update')).toContainText('No update is due yet')
  // A week later, by the clock of the page.
  await page.clock.setFixedTime(Date.now() + DAYS_MS)
  await studio.at('tab-map').click()
  await studio.at('tab-update').click()
  await expect(studio.at('update')).toContainText('The reveal was 7 days ago or more')

  await studio.at('recompute-embedding').click()
  const made = studio.at('won-embedding')
  await expect(made).toContainText(/It moves by \d+\.\d+°/, { timeout: studio.patience })
  await expect(made).toContainText(/Forecast: [\d.]+ % of targets now, [\d.]+ % with the new one/)
  await studio.at('register-embedding').click()
  await studio.reviewed('commit')
  await expect(studio.at('review')).toContainText('weights, address and key stay as they are')
  // Address, checksum and key are compared with the registry, in the checks beside the review.
  await expect(page.getByText('nothing is uploaded').first()).toBeVisible()
  await studio.at('sign-button').click()
  await studio.receipt('commit')
  await studio.advanceEpoch()
  await studio.reveal()
  await expect(studio.at('draft-state').nth(0)).toHaveText('active')
  await expect(studio.at('draft-state').nth(1)).toHaveText('replaced')

  // The count begins again at the reveal.
  await studio.go('Strategies')
  await studio.at('tab-update').click()
  await studio.at('count-wins').click()
  await expect(studio.at('update')).toHaveAttribute('data-wins', '0', { timeout: studio.patience })
})
