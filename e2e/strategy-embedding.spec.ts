import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { makeCorpus } from '../src/practice/players/corpora.ts'
import { parseWorld } from '../src/practice/world.ts'
import { shippedRecipes } from '../src/strategies/recipes/shipped-recipes.ts'
import type { StrategyRecipe } from '../src/strategies/recipes/strategy-recipe.ts'
import { temporaryFile } from './corpus-file.ts'
import { StudioDriver } from './studio-driver.ts'

/*
 * What a recipe and a sparse region's data do, and that the gap analysis finds what was left out: through the page, on fixed
 * seeds, by margins that `npm run strategies` found headless (scripts/strategies/effects.ts).
 */

/** Targets of the region that are trained on: the nearest to its centre. */
const TRAINED = 5

/** The shipped recipe with the few steps that a test has time for. */
const recipe: StrategyRecipe = {
  ...shippedRecipes['fine-tune-the-leader'],
  name: 'From the leader',
  data: [{ kind: 'own' }],
  training: {
    config: 'network',
    changes: { steps: 20, sequence: 512, microBatch: 2, learningRate: 4e-3, warmupSteps: 4 },
  },
}

/** What each filled target of the world holds. */
const world = parseWorld(JSON.parse(readFileSync('public/worlds/small/world.json', 'utf8')))
const kindOf = new Map(world.targets.map(({ id, data }) => [id, data]))

test('a recipe improves on the leader, the gap analysis names the region that was left out, whose data closes it', async ({
  page,
}) => {
  const studio = new StudioDriver(page)
  const t0 = Date.now()
  const mark = (what: string) => console.log(`${((Date.now() - t0) / 1000).toFixed(1)} ${what}`)
  await studio.open()
  await studio.chooseConfig('small')
  const own = [1, 2].flatMap((part) =>
    (['prose', 'code', 'records'] as const).map((kind) =>
      temporaryFile(`${kind}-${part}.txt`, makeCorpus(kind, 2048, 5000 + part)),
    ),
  )
  await studio.dropData(...own)
  await studio.go('Strategies')
  await studio.at('tab-recipes').click()
  await page.locator('input[type=file][accept*=json]').setInputFiles({
    name: 'mine.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(recipe)),
  })
  mark('import')
  await page.getByRole('button', { name: 'Run From the leader' }).click()
  await studio.waitForPhase('finished')
  mark('trained A')
  const [before, after] = [
    await studio.value('validation-loss', 'first'),
    await studio.value('validation-loss', 'last'),
  ]
  mark(`recipe ${before} ${after}`)

  await studio.go('Strategies')
  await studio.at('tab-map').click()
  await studio.at('map-button').click()
  const regions = await page
    .getByRole('radio', { name: /0x/ })
    .evaluateAll((all) => all.map((one) => one.getAttribute('value') ?? ''))
  const centre = regions.find((id) => kindOf.get(id) === 'measurements')!
  mark(`map ${centre} ${kindOf.get(centre)}`)
  await studio.at('tab-data').click()
  await studio.at('data-place').selectOption(`target:${centre}`)
  await studio.fill('data-limit', TRAINED)
  await expect(studio.at('fitting')).toHaveAttribute('data-count', `${TRAINED}`)
  const trained = await studio
    .at('fitting')
    .locator('code')
    .evaluateAll((all) => all.map((one) => one.getAttribute('title')))
  await studio.at('add-targets').click()
  await expect(studio.at('data-added')).toContainText(`${TRAINED} documents`)
  mark('added')
  await studio.go('Train')
  await studio.counted()
  await studio.at('train-button').click()
  await studio.waitForPhase('running')
  await studio.waitForPhase('finished')
  mark('trained B')

  await studio.go('Strategies')
  await studio.at('tab-gaps').click()
  const runs = studio.at('gap-mine').locator('option[value^="run:"]')
  const [withData, alone] = [await runs.nth(0).getAttribute('value'), await runs.nth(1).getAttribute('value')]
  await studio.at('gap-mine').selectOption(alone!)
  await studio.at('gap-other').selectOption(withData!)
  await studio.fill('gap-limit', 12)
  await studio.at('gap-button').click()
  await expect(studio.at('gaps')).toHaveAttribute('data-compared', '12')
  mark('gaps 2')
  const rows2 = await studio
    .at('gap-row')
    .evaluateAll((all) =>
      all.map(({ dataset }) => [dataset['target'], dataset['region'], dataset['difference']]),
    )
  console.log(
    rows2
      .map(
        ([t, r, d]) =>
          `${t!.slice(0, 8)} ${kindOf.get(t!)} ${r} ${Number(d).toFixed(2)} ${trained.includes(t!)}`,
      )
      .join('\n'),
  )
  console.log(await studio.at('largest-gap').innerText())
})
