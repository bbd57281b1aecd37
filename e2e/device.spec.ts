import { expect, test } from '@playwright/test'
import { StudioDriver } from './studio-driver.ts'

test('the device page shows what computes here, checks and measures it, and lets go when told', async ({
  page,
}) => {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  const studio = new StudioDriver(page)
  await studio.open()
  // Before a run: what it takes, and that nothing was timed here.
  await expect(studio.at('fit-verdict')).toHaveText(/^Takes [\d.]+ MB: keep all$/)
  await expect(studio.at('fit-time')).toHaveAttribute('data-kind', 'unknown')
  await page.getByRole('link', { name: 'Limits and benchmark' }).click()
  await expect(studio.at('adapter-name')).not.toBeEmpty()
  await expect(page.getByText('Largest binding')).toBeVisible()
  await expect(studio.at('device-plans')).toHaveText(/Keep all[\d.]+ [kMG]B/)

  // Both engines, a tiny model, the largest difference.
  await studio.at('selfCheck-button').click()
  await expect(studio.at('self-check')).toHaveAttribute('data-agrees', 'true', { timeout: studio.patience })

  await studio.at('benchmark-button').click()
  await expect(studio.at('benchmark-progress')).toHaveAttribute('data-done', /^[1-9]/, {
    timeout: studio.patience,
  })
  // What is known is shown while the jobs run, and stays when they are cancelled.
  await expect(studio.at('benchmark-report')).toBeVisible({ timeout: studio.patience })
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(studio.at('benchmark-button')).toBeEnabled({ timeout: studio.patience })
  await expect(studio.at('benchmark-report')).toContainText('GFLOP/s')
  await studio.at('tune-button').click()
  await expect(studio.at('tune-progress')).toHaveAttribute('data-done', /^[1-9]/, {
    timeout: studio.patience,
  })
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(studio.at('tune-button')).toBeEnabled({ timeout: studio.patience })
  await expect(studio.at('tune-report')).toHaveCount(0)
  // The device is free again.
  await page.keyboard.press('Control+k')
  await studio.at('command-input').fill('open train')
  await page.keyboard.press('Enter')
  await studio.chooseConfig('small')
  await studio.fill('steps-input', 1)
  await studio.counted()
  // The benchmark's matrix product is what an estimate rests on until a run was timed.
  await expect(studio.at('fit-time')).toHaveAttribute('data-kind', 'at-least')
  await studio.at('train-button').click()
  await studio.waitForPhase('finished')
  expect(faults).toEqual([])
})
