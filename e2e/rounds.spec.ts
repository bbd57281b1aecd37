import { expect, test } from '@playwright/test'
import { sampleText, temporaryFile } from './corpus-file.ts'
import { StudioDriver } from './studio-driver.ts'

test('a plan of rounds, approved once, trains on, publishes a model and its update, and survives a reload', async ({
  page,
}) => {
  const studio = new StudioDriver(page)
  // A kilobyte is one window to embed; more would be most of this test's time.
  await studio.prepareSmall(temporaryFile('rivers.txt', sampleText(1_000)), { steps: 400, sequence: 32 })
  await studio.go('Strategies')
  await studio.at('tab-rounds').click()
  await studio.fill('rounds-rounds', 2)
  await studio.fill('rounds-steps', 30)
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
  await expect(entry(1)).toHaveAttribute('data-to', '30')
  await expect(entry(1)).toHaveAttribute('data-outcome', 'committed')
  expect(await studio.value('round-entry', 'after')).toBeLessThan(await studio.value('round-entry', 'before'))

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
  await expect(entry(2)).toHaveAttribute('data-from', '30')
  await expect(entry(2)).toHaveAttribute('data-to', '60')
  await studio.advanceEpoch()
  await expect(rounds).toHaveAttribute('data-ended', 'finished', { timeout: studio.patience })
  await expect(entry(2)).toHaveAttribute('data-outcome', 'revealed')
  await expect(entry(1)).toContainText('replaced by round 2')

  // The run has kept its last five checkpoints: a recipe takes them with one click.
  await studio.at('tab-recipes').click()
  await page.getByRole('button', { name: 'Run Soup of my last five' }).click()
  await expect(studio.at('recipe-applied')).toContainText('has made a run', { timeout: studio.patience })

  await studio.go('Publish')
  await expect(studio.at('draft-state')).toHaveText(['active'])
})
