import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { writeOfflineWorker } from '../scripts/offline-copy/write-offline-worker.ts'
import { serve } from '../server/serve.ts'
import { spawnServer } from './spawn-server.ts'
import { StudioDriver } from './studio-driver.ts'

test.use({ serviceWorkers: 'allow' })

const dist = join(import.meta.dirname, '../dist')

/** Help says what is kept; resolves once it says so. */
async function untilKept(studio: StudioDriver) {
  await studio.page.getByRole('button', { name: 'Help and keys' }).click()
  await expect(studio.at('offline-copy')).toHaveAttribute('data-status', 'kept', { timeout: 90_000 })
  await expect(studio.at('offline-copy')).toContainText(/Kept whole, 1\d\.\d+ MB/)
  await studio.page.keyboard.press('Escape')
}

test('kept once, the studio opens, trains and plays its network after its server has gone', async ({
  page,
  context,
}) => {
  const server = await spawnServer('server/main.ts', ['--no-open', '--port', '0'], /^SOMA Studio: /)
  const address = server.line.replace('SOMA Studio: ', '').trim()
  const studio = new StudioDriver(page)
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  try {
    await studio.open(address)
    // Before anything is kept the page has all that it needs.
    await untilKept(studio)
  } finally {
    await server.stop()
  }
  const isolated = await page.evaluate(() => crossOriginIsolated)
  await context.setOffline(true)

  const answer = await page.reload()
  expect(answer?.fromServiceWorker()).toBe(true)
  expect(answer?.headers()['content-security-policy']).toContain("worker-src 'self'")
  await expect(studio.at('corpus-summary')).toBeVisible()
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolated)
  // Another world is a file that the first visit did not open.
  await studio.chooseConfig('practice')
  await expect(studio.at('network-pill')).toContainText('practice world, epoch')
  await studio.chooseConfig('small')
  await expect(studio.at('network-pill')).toContainText('small world, epoch')
  await studio.fill('sequence-input', 16)
  await studio.fill('steps-input', 2)
  await studio.counted()
  await studio.at('train-button').click()
  await studio.waitForPhase('finished')
  expect(await studio.step()).toBe(2)
  await studio.go('Network')
  await studio.advanceEpoch()
  expect(faults).toEqual([])
})

test('a newer build is taken up whole or not at all, and shown when asked for', async ({ page }) => {
  const first = mkdtempSync(join(tmpdir(), 'studio-first-'))
  const next = mkdtempSync(join(tmpdir(), 'studio-next-'))
  const index = readFileSync(join(dist, 'index.html'), 'utf8')
  cpSync(dist, first, { recursive: true })
  cpSync(dist, next, { recursive: true })
  writeFileSync(join(next, 'index.html'), index.replace('<title>SOMA', '<title>Next SOMA'))
  await writeOfflineWorker(next)
  let port = 0
  let server: Server | undefined
  const stop = async () => {
    server?.closeAllConnections()
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
  }
  const start = async (folder: string, connectHosts: string[] = []) => {
    await stop()
    server = await serve({ folder, port, host: '127.0.0.1', connectHosts })
    const address = server.address()
    port = typeof address === 'object' ? (address?.port ?? 0) : 0
  }
  const builds = () => page.evaluate(async () => (await caches.keys()).length)
  const studio = new StudioDriver(page)
  try {
    await start(first)
    await studio.open(`http://127.0.0.1:${port}/`)
    await untilKept(studio)
    const update = () => page.evaluate(async () => (await navigator.serviceWorker.ready).update())
    const installing = () =>
      page.evaluate(async () => (await navigator.serviceWorker.ready).installing !== null)

    // A host that is just being updated: the list of the next build, the page of the first.
    writeFileSync(join(first, 'offline.js'), readFileSync(join(next, 'offline.js')))
    await start(first)
    await update()
    await expect.poll(installing).toBe(false)
    expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).waiting)).toBeNull()
    await page.reload()
    await expect(page).toHaveTitle(/^(?!Next)/)
    await expect(studio.at('corpus-summary')).toBeVisible()

    await start(next)
    await update()
    await expect(studio.at('reload-line')).toContainText('A new version', { timeout: 90_000 })
    // Nothing reloads by itself, and what is shown stays whole.
    await expect(page).toHaveTitle(/^(?!Next)/)
    expect(await builds()).toBe(2)
    await studio.at('reload-button').click()
    await expect(page).toHaveTitle(/^Next/)
    await expect(studio.at('corpus-summary')).toBeVisible()
    await expect.poll(builds).toBe(1)

    // Started again with another network to reach, the server sends another policy: the kept one is given up.
    await start(next, ['http://10.0.0.5:9000'])
    await page.reload()
    await expect(studio.at('reload-line')).toContainText('server of this page has changed')
    const answer = page.waitForResponse((response) => response.request().isNavigationRequest())
    await studio.at('reload-button').click()
    expect((await answer).headers()['content-security-policy']).toContain('http://10.0.0.5:9000')

    // The switch removes everything, and brings it back.
    await untilKept(studio)
    await page.getByRole('button', { name: 'Help and keys' }).click()
    const keep = page.getByRole('switch', { name: 'Keep the studio in this browser' })
    await keep.click()
    await expect(studio.at('offline-copy')).toHaveAttribute('data-status', 'off')
    await expect.poll(builds).toBe(0)
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0)
    await keep.click()
    await expect(studio.at('offline-copy')).toHaveAttribute('data-status', 'kept', { timeout: 90_000 })
  } finally {
    await stop()
    for (const folder of [first, next]) rmSync(folder, { recursive: true })
  }
})
