import { expect, test } from '@playwright/test'
import { StudioDriver } from './studio-driver.ts'

test('training starts from a competitor, on the data of filled targets', async ({ page }) => {
  const studio = new StudioDriver(page)
  await studio.open()
  await studio.chooseConfig('small')
  await studio.at('add-target-data').click()
  await expect(studio.at('corpus-summary')).toContainText('target')
  await studio.counted()
  await studio.chooseCompetitor()
  await studio.fill('steps-input', 3)
  await studio.fill('sequence-input', 64)
  await studio.counted()
  await studio.at('train-button').click()
  await studio.waitForPhase('finished')
  await expect(studio.at('notes')).toContainText('verified against size and checksum, and decrypted')
  // Even on text of another kind a trained competitor is below ln 264 = 5.58 nats, where knowing nothing starts.
  expect(await studio.value('validation-loss', 'first')).toBeLessThan(5.3)
})
