import { expect, test } from '@playwright/test'
import { sampleText, temporaryFile } from './corpus-file.ts'
import { StudioDriver } from './studio-driver.ts'

test('weights are averaged along a measured path, gaps are scored and trained on, and routing is forecast', async ({
  page,
}) => {
  const studio = new StudioDriver(page)
  // A kilobyte and a little has some dozen windows to embed; more would be most of this test's time.
  await studio.prepareSmall(temporaryFile('mine.txt', sampleText(1_110)), { steps: 4, sequence: 64 })
  await studio.at('train-button').click()
  await studio.waitForPhase('finished')

  await studio.go('Strategies')
  await studio.at('tab-blend').click()
  await studio.at('sweep-button').click()
  await expect(studio.at('sweep')).toHaveAttribute('data-best', /my data/)
  await expect(studio.at('sweep')).toHaveAttribute('data-points', '11')
  const best = JSON.parse((await studio.at('sweep').getAttribute('data-best')) ?? '{}') as Record<
    string,
    number
  >
  // A model of four steps knows nothing, so theirs must win on the network's data.
  expect(best['the network’s data']).toBeGreaterThan(0.5)

  // My run stands in the table of the competitors.
  await studio.at('tab-rivals').click()
  await studio.at('score-rivals').click()
  const own = studio.at('rivals').locator('[data-own]')
  await expect(own).toHaveAttribute('data-loss', /\d/, { timeout: studio.patience })
  await expect(studio.at('own-standing')).toContainText(/, your best here, is [\d.]+ (above|below) /)
  await studio.at('tab-blend').click()

  await studio.at('blend-button').click()
  await expect(studio.at('merged')).toContainText('beta 0.3')

  await studio.at('tab-gaps').click()
  await studio.fill('gap-limit', 4)
  await studio.at('gap-button').click()
  await expect(studio.at('gaps')).toHaveAttribute('data-compared', '4', { timeout: studio.patience })
  await expect(studio.at('gaps')).toContainText('Worse than the winner on')

  await studio.at('tab-forecast').click()
  await studio.at('forecast-button').click()
  await expect(studio.at('forecast')).toHaveAttribute('data-targets', '2000')
  const poor = await studio.value('forecast', 'share')
  expect(poor).toBeLessThan(1)
  await expect(studio.at('forecast')).toContainText('Of those it would win')
  // A hundred times the stake cannot be assigned less: all scenarios see the same targets.
  const stake = await studio.at('forecast-stake').inputValue()
  await studio.at('forecast-stake').fill(`${100 * Number(stake)}`)
  await studio.at('forecast-button').click()
  await expect.poll(() => studio.value('forecast', 'share')).toBeGreaterThan(poor)

  await studio.at('tab-map').click()
  await page.getByText('UMAP', { exact: true }).click()
  await studio.at('map-button').click()
  await expect(studio.at('map')).toHaveAttribute('data-method', 'umap')
  await page.getByRole('radio', { name: /0x/ }).last().check()
  await studio.at('forecast-region').click()
  await expect(studio.at('forecast-place')).toContainText('as chosen on the map')
  await studio.at('forecast-button').click()
  await expect(studio.at('forecast-share')).toContainText('at the place of target')
  await studio.at('tab-map').click()
  const members = await studio.value('region', 'members')
  await studio.at('train-on-region').click()
  await expect(studio.at('corpus-summary')).toContainText(`1 file, ${members} filled target`)

  await studio.go('Strategies')
  await studio.at('tab-gaps').click()
  await studio.at('train-on-gaps').click()
  await expect(studio.at('corpus-summary')).not.toContainText(`1 file, ${members} filled target`)
  await studio.counted()

  // Two runs: averaged and then compared and placed, and the first, between which and theirs beta was swept.
  await studio.go('Runs')
  for (const [run, kinds] of [
    [0, ['gaps', 'forecast']],
    [1, ['sweep', 'standing']],
  ] as const) {
    await studio.at('run-details-button').nth(run).click()
    for (const kind of kinds) {
      await expect(studio.at('run-strategies').locator(`[data-kind="${kind}"]`).first()).toBeVisible()
    }
    await studio.at('run-details-button').nth(run).click()
  }
})
