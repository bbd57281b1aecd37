import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { compactAddress } from '../src/lib/soma-address.ts'
import { createMemoryBlobStore } from '../src/practice/blob-store.ts'
import { makeCorpus } from '../src/practice/players/corpora.ts'
import { PracticeHost } from '../src/practice/practice-host.ts'
import { parseWorld } from '../src/practice/world.ts'
import { shippedRecipes } from '../src/strategies/recipes/shipped-recipes.ts'
import type { StrategyRecipe } from '../src/strategies/recipes/strategy-recipe.ts'
import { temporaryFile } from './corpus-file.ts'
import { recordFigures } from './record-figure.ts'
import { StudioDriver } from './studio-driver.ts'

/*
 * Where a model stands, as its user decides it: the genesis embedding, what the network then assigns, an update on won data, and
 * a move to a region with few models. The world's own players stand still, so that an epoch costs nothing; what is won is data
 * of this device. Accounts and keys are new each time, so the targets that are counted differ; margins leave room for that.
 */

const DAYS_MS = 8 * 86_400_000
/** Submissions to win: an embedding of won data is measured on those that it is not made from. */
const WINS = 3
/** A model that is the best at what is offered wins each target that asks it. */
const MOST_OFFERS = 6
/** Epochs of a hundred targets each, counted at each of two places. */
const EPOCHS = 6

/** Share of the targets near data of its kind, beyond that of all others; usual are 0.26. */
const ASKED_NEAR = 0.12
/** Natural logarithm of the ratio of distances; usual are 3.3, since submissions are padded and the genesis sample is not. */
const NEARER = 1
/** Share of targets; a count of six epochs has a standard deviation of 0.02. */
const AGREES = 0.08
/** Share of targets: usual are 0.15 ± 0.03. */
const SPARSE_GAIN = 0.06

const world = parseWorld(JSON.parse(readFileSync('public/worlds/small/world.json', 'utf8')))
const idOf = (name: string) => world.models.find((one) => one.name === name)!.id

/** Where a model of the world stands, as its registry shows it. */
function placeOf(name: string): readonly number[] {
  const host = new PracticeHost({
    world,
    fetchBlob: () => Promise.reject(new Error('No file is read here.')),
    blobs: createMemoryBlobStore(),
    now: () => 0,
    scorer: () => Promise.reject(new Error('Nothing is scored here.')),
  })
  const model = host.network.state().modelRegistry.models.get(idOf(name))
  return [...model!.Active!.embedding.values]
}

/** A few windows of the embedding's sample: each costs as much as a step. */
const recipe: StrategyRecipe = {
  ...shippedRecipes['fine-tune-the-leader'],
  name: 'From the leader',
  data: [{ kind: 'own' }],
  training: { config: 'network', changes: { steps: 8, learningRate: 4e-3, warmupSteps: 2 } },
  embedding: { kind: 'genesis', windows: 4, seed: 7 },
}

test('an embedding is asked near its data as forecast, computed again over wins, registered without an upload, and moved', async ({
  page,
}, info) => {
  const seen = recordFigures(info)
  const studio = new StudioDriver(page)
  await studio.open()
  await studio.chooseConfig('small')
  await studio.dropData(temporaryFile('own.tsv', makeCorpus('measurements', 8 * 1024, 7001)))
  await studio.go('Network')
  await studio.at('players-switch').uncheck()
  await studio.runRecipe(recipe)
  await expect(studio.at('sequence-input')).toHaveValue('1024')
  await studio.commit()
  const modelId = (await studio.at('model-id').first().textContent()) ?? ''
  await studio.advanceEpoch()
  await studio.reveal()

  // Targets of the next epoch ask the new model too.
  await studio.go('Network')
  await studio.advanceEpoch()
  await page.getByRole('button', { name: 'asks your model', exact: true }).click()
  let won = 0
  for (let offer = 0; won < WINS && offer < MOST_OFFERS; offer += 1) {
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
  expect(won).toBe(WINS)

  /** The forecast for the place and the stake that the model has, apart for targets near data of its kind. */
  const forecast = async () => {
    await studio.go('Strategies')
    await studio.at('tab-forecast').click()
    await studio.at('forecast-mine').selectOption(`model:${modelId}`)
    await studio.at('forecast-near').selectOption(idOf('Weathervane'))
    await page.getByLabel('Targets drawn').selectOption('10000')
    await studio.work('forecast-button')
    await expect(studio.at('forecast')).toHaveAttribute('data-targets', '10000')
    return studio.value('forecast', 'share')
  }
  seen('forecast, genesis', await forecast())
  const near = (await studio.value('forecast', 'near')) - (await studio.value('forecast', 'elsewhere'))
  seen('near its data minus elsewhere', near)
  expect(near).toBeGreaterThan(ASKED_NEAR)

  await studio.at('tab-update').click()
  await expect(studio.at('update')).toHaveAttribute('data-wins', `${WINS}`, { timeout: studio.patience })
  await expect(studio.at('update')).toContainText(`${WINS} of 100`)
  await expect(studio.at('update')).toContainText('No update is due yet')
  // A week later, by the clock of the page.
  await page.clock.setFixedTime(Date.now() + DAYS_MS)
  await studio.at('tab-map').click()
  await studio.at('tab-update').click()
  await expect(studio.at('update')).toContainText('The reveal was 7 days ago or more')

  await studio.at('recompute-embedding').click()
  const made = studio.at('won-embedding')
  await expect(made).toContainText(/It moves by \d+\.\d+°/, { timeout: studio.patience })
  const nearer = Math.log(
    (await studio.value('won-embedding', 'unseen-before')) /
      (await studio.value('won-embedding', 'unseen-after')),
  )
  seen('nearer to unseen won data', nearer)
  expect(nearer).toBeGreaterThan(NEARER)
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
  await studio.work('count-wins')
  await expect(studio.at('update')).toHaveAttribute('data-wins', '0', { timeout: studio.patience })

  /** Registers what is under review; then what the network assigns in the epochs after it, beside what was forecast. */
  const assignedThere = async () => {
    await studio.reviewed('commit')
    await studio.at('sign-button').click()
    await studio.receipt('commit')
    await studio.advanceEpoch()
    await studio.reveal()
    await studio.go('Network')
    for (let played = 0; played < EPOCHS; played += 1) await studio.advanceEpoch()
    const expected = await forecast()
    expect(await studio.value('assigned', 'targets')).toBe(100 * EPOCHS)
    const share = await studio.value('assigned', 'share')
    seen('forecast', expected)
    seen('assigned', share)
    expect(Math.abs(expected - share)).toBeLessThan(AGREES)
    return share
  }
  // Beside a competitor, by its embedding as a file; then where few models stand: the same weights are assigned more.
  await studio.go('Network')
  await studio.at('update-model').first().click()
  await studio.at('update-source').selectOption({ label: 'From a file' })
  await studio.choose('update-file', temporaryFile('crowded.json', JSON.stringify(placeOf('Ledger'))))
  await studio.at('update-go').click()
  const crowded = await assignedThere()
  await studio.at('tab-map').click()
  await studio.at('map-button').click()
  await expect(page.getByRole('radio', { name: /0x/ }).first()).toBeChecked()
  await studio.at('move-here').click()
  const sparse = await assignedThere()
  seen('sparse minus crowded, assigned', sparse - crowded)
  expect(sparse).toBeGreaterThan(crowded + SPARSE_GAIN)
})
