import { expect, test } from '@playwright/test'
import { modelConfigs } from '../src/model/model-config.ts'
import { sampleText, temporaryFile } from './corpus-file.ts'
import { StudioDriver } from './studio-driver.ts'

test('a dropped file becomes an active model: train, commit, reveal, another embedding', async ({ page }) => {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  const studio = new StudioDriver(page)
  await studio.prepareSmall(temporaryFile('rivers.txt', sampleText(40_000)), { steps: 24, sequence: 64 })

  await studio.at('train-button').click()
  await studio.waitForPhase('finished')
  expect(await studio.step()).toBe(24)
  const first = await studio.value('validation-loss', 'first')
  expect(first).toBeGreaterThan(5)
  expect(await studio.value('validation-loss', 'last')).toBeLessThan(first)
  // Work counted, not timed: every step drawn, never more than 400 points a line.
  await expect(studio.at('loss-chart')).toHaveAttribute('data-points', /^[1-9]\d*$/)
  expect(await studio.value('loss-chart', 'points')).toBeLessThanOrEqual(400)

  await studio.commit()
  expect(await studio.receipt('commit')).toMatch(/^[1-9A-HJ-NP-Za-km-z]{43,44}$/)
  await expect(studio.at('draft-state').first()).toHaveText('pending')
  const modelId = await studio.at('model-id').first().textContent()
  expect(modelId).toMatch(/^0x[0-9a-f]{64}$/)

  // Whoever looks elsewhere when the reveal falls due is told.
  await studio.advanceEpoch()
  await studio.go('Runs')
  await expect(studio.at('due-now')).toContainText('is lost')
  await studio.at('due-now').getByRole('link').click()
  await studio.reveal()
  await expect(studio.at('draft-state').first()).toHaveText('active')

  // The network knows it too, also after a reload.
  await page.reload()
  await expect(studio.at('model-wins')).toBeVisible()
  await studio.go('Network')
  await expect(page.locator(`[data-model="${modelId}"]`)).toContainText('active')

  // Another embedding alone: the address, checksum and key that are registered, and no file is touched.
  const embedding = Array.from({ length: modelConfigs.small.dim }, (_, index) => (index === 0 ? 1 : 0))
  await studio.at('update-model').click()
  await studio.at('update-source').selectOption('file')
  await studio.choose('update-file', temporaryFile('embedding.json', JSON.stringify(embedding)))
  await studio.at('update-go').click()
  await studio.reviewed('commit')
  await expect(studio.at('review')).toContainText('weights, address and key stay as they are')
  await studio.at('sign-button').click()
  await studio.receipt('commit')
  await studio.go('Network')
  await expect(studio.at('reveal-standing')).toContainText('Another embedding was committed')
  await studio.go('Publish')
  await expect(studio.at('draft-state').first()).toHaveText('pending')

  // The device loses what it kept of its models; the bundle alone brings back what the reveal needs.
  const saved = page.waitForEvent('download')
  await studio.at('save-bundle').click()
  const bundle = await (await saved).path()
  await page.evaluate(() => {
    for (const key of Object.keys(localStorage))
      if (key.includes('/model-draft/')) localStorage.removeItem(key)
  })
  await page.reload()
  await studio.go('Publish')
  await expect(page.getByText('None yet.')).toBeVisible()
  await expect(studio.at('network-pill')).toHaveAttribute('data-epoch', /^\d+$/)
  await page.getByLabel('Reveal bundle', { exact: true }).setInputFiles(bundle)
  await expect(studio.at('draft-state')).toHaveText('pending')
  await studio.advanceEpoch()
  await studio.reveal()
  await expect(studio.at('draft-state')).toHaveText('active')
  expect(faults).toEqual([])
})

test('a model whose commit was put off is committed after a reload, from its own package', async ({
  page,
}) => {
  const studio = new StudioDriver(page)
  await studio.prepareSmall(temporaryFile('rivers.txt', sampleText(20_000)), { steps: 2, sequence: 32 })
  await studio.at('train-button').click()
  await studio.waitForPhase('finished')

  await studio.at('commit-button').click()
  await studio.reviewed('create')
  await studio.at('sign-button').click()
  await studio.reviewed('commit')
  const modelId = await studio.at('model-id').first().textContent()
  await page.reload()
  await studio.go('Publish')
  await expect(studio.at('draft-state').first()).toHaveText('created')
  await studio.at('continue-draft').first().click()
  await studio.reviewed('commit')
  await studio.at('sign-button').click()
  await studio.receipt('commit')
  await expect(studio.at('draft-state').first()).toHaveText('pending')
  expect(await studio.at('model-id').first().textContent()).toBe(modelId)

  // Too early: the network would refuse, so the page does not offer it.
  await expect(studio.at('reveal-button')).toHaveCount(0)

  // Missed: half of the stake is gone and the model is inactive for good.
  await studio.advanceEpoch()
  await expect(studio.at('reveal-button').first()).toBeVisible()
  await studio.advanceEpoch({ atACost: true })
  await expect(studio.at('draft-state').first()).toHaveText('inactive')
})
