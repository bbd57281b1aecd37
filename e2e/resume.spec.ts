import { expect, test } from '@playwright/test'
import { sampleText, temporaryFile } from './corpus-file.ts'
import { StudioDriver } from './studio-driver.ts'

test('a run is paused, stepped, resumed, and survives a reload', async ({ page }) => {
  const studio = new StudioDriver(page)
  await studio.prepareSmall(temporaryFile('rivers.txt', sampleText(30_000)), { steps: 4000, sequence: 32 })
  await studio.at('train-button').click()
  await studio.waitForPhase('running')
  await expect.poll(() => studio.step(), { timeout: 60_000 }).toBeGreaterThan(3)

  await studio.at('pause-button').click()
  await studio.waitForPhase('paused')
  // Metrics cross in batches: wait until the last one is in.
  await page.waitForTimeout(500)
  const paused = await studio.step()
  await page.keyboard.press('s')
  await expect.poll(() => studio.step()).toBe(paused + 1)
  await page.keyboard.press('Space')
  await studio.waitForPhase('running')
  await expect.poll(() => studio.step(), { timeout: 60_000 }).toBeGreaterThan(paused + 3)

  // A checkpoint exists every 100 steps; the tab then goes away without a word.
  await expect
    .poll(() => studio.at('notes').innerText(), { timeout: 120_000 })
    .toContain('Checkpoint of step')
  await page.reload()
  // Its data is back too, not the bundled text.
  await expect(studio.at('corpus-summary')).toContainText('rivers.txt')
  await studio.at('resume-run').click()
  await studio.waitForPhase('running')
  await expect(studio.at('notes')).toContainText('Resumed from the checkpoint of step')
  await expect.poll(() => studio.step(), { timeout: 60_000 }).toBeGreaterThan(100)
  await studio.at('stop-button').click()
  await studio.waitForPhase('finished')
})
