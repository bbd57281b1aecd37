import { expect, test } from '@playwright/test'
import { sampleText, temporaryFile } from './corpus-file.ts'
import { StudioDriver } from './studio-driver.ts'

test('a practice world plays, takes data, is kept over a reload, exported, reset and imported', async ({
  page,
}) => {
  const studio = new StudioDriver(page)
  const epoch = () => studio.value('network-pill', 'epoch')
  await studio.open()
  await studio.chooseConfig('small')
  // Fresh weights of a practice world begin in short windows, which says so and is one click away from the length scored.
  await expect(studio.at('scored-length-note')).toContainText('scores windows of 1,024 bytes')
  await studio.at('scored-length').click()
  await expect(studio.at('sequence-input')).toHaveValue('1024')
  await expect(studio.at('scored-length-note')).toHaveCount(0)
  await studio.go('Network')
  await expect(studio.at('advance-epoch')).toBeVisible({ timeout: studio.patience })
  const first = await epoch()
  await studio.advanceEpoch()
  // Submissions are scored with the models' own weights, so this takes what the adapter takes.
  await expect(studio.at('played')).toContainText(/Epoch \d+: \d+ targets? filled/, {
    timeout: studio.patience,
  })

  // Data of this device, scored by the world's own engine and shown before it is signed.
  await page.getByRole('button', { name: 'open', exact: true }).click()
  await studio.at('submit').first().click()
  await studio.choose('submit-file', temporaryFile('rivers-short.txt', sampleText(300)))
  await studio.at('submit-score').click()
  await expect(studio.at('review').or(studio.at('submit-fault'))).toBeVisible({ timeout: studio.patience })
  await expect(studio.at('review')).toContainText('is filled with your data')
  await studio.at('request-sign').click()
  await studio.sent()

  await studio.at('epoch-speed').getByText('A minute').click()
  await expect(studio.at('epoch-end')).toHaveAttribute('data-seconds', /^\d+$/)
  await studio.at('players-switch').uncheck()
  await page.reload()
  await studio.go('Network')
  await expect(studio.at('advance-epoch')).toBeVisible({ timeout: studio.patience })
  await expect(studio.at('epoch-speed').getByRole('radio', { name: 'A minute' })).toBeChecked()
  await expect(studio.at('players-switch')).not.toBeChecked()
  expect(await epoch()).toBe(first + 1)
  await studio.at('epoch-speed').getByText('By click').click()
  await expect(studio.at('epoch-end')).toBeHidden()

  const download = page.waitForEvent('download')
  await studio.at('export-world').click()
  const file = await (await download).path()
  await studio.at('reset-world').click()
  await studio.at('reset-world-confirm').click()
  await expect.poll(epoch, { timeout: studio.patience }).toBe(first)
  const input = page.getByLabel('File of an exported world')
  await input.setInputFiles({ name: 'no-world.json', mimeType: 'application/json', buffer: Buffer.from('{') })
  await studio.at('import-world-confirm').click()
  await expect(page.getByText('not an exported world')).toBeVisible()
  expect(await epoch()).toBe(first)
  await input.setInputFiles(file)
  await studio.at('import-world-confirm').click()
  await expect.poll(epoch, { timeout: studio.patience }).toBe(first + 1)
})
