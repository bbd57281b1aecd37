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
  // Knowing nothing starts near ln 264 = 5.58 nats. A trained competitor is far below on text of its kind and, being sure
  // of itself, far above on other text; which of them is held out is decided by the bytes.
  const first = await studio.value('validation-loss', 'first')
  expect(Math.abs(first - Math.log(264))).toBeGreaterThan(0.5)
})
