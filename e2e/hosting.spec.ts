import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium, expect, test } from '@playwright/test'
// @ts-expect-error plain JavaScript so that it runs before anything is installed
import { browserFlags, launchOptions } from '../scripts/find-browser.mjs'
import { StudioDriver } from './studio-driver.ts'

const dist = join(import.meta.dirname, '../dist')
/** Bytes of scripts, gzipped, that the first screen may take. */
const FIRST_SCREEN = 350_000
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
}

/** A static host without any header of ours, with the studio under /some/path/. */
function plainHost(): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname)
    const file = join(dist, path.replace(/^\/some\/path\//, '') || 'index.html')
    if (!path.startsWith('/some/path/') || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'Content-Type': types[extname(file)] ?? 'application/octet-stream' })
    response.end(readFileSync(file))
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve({ server, port: typeof address === 'object' ? (address?.port ?? 0) : 0 })
    })
  })
}

test('the build works from a plain static host under a path', async ({ page }) => {
  const { server, port } = await plainHost()
  try {
    const studio = new StudioDriver(page)
    await studio.open(`http://127.0.0.1:${port}/some/path/`)
    await expect(studio.at('train-button')).toBeEnabled()
    await expect(studio.at('network-pill')).toHaveAttribute('data-epoch', /\d+/)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('the first screen loads little: no charts, no TensorFlow.js, which only workers load', () => {
  const index = readFileSync(join(dist, 'index.html'), 'utf8')
  const loaded = [...index.matchAll(/assets\/[\w.-]+\.js/g)].map(([path]) => path)
  expect(loaded.length).toBeGreaterThan(0)
  // Names of a flag of its WebGPU backend and of a query parameter of its core, which no minifier changes.
  const holdsTfjs = (text: string) => /WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE|tfjsflags/.test(text)
  let bytes = 0
  // The main chunk's own imports count as well.
  const pending = [...loaded]
  const seen = new Set<string>()
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    const code = readFileSync(join(dist, path), 'utf8')
    expect(holdsTfjs(code), path).toBe(false)
    expect(code.includes('recharts-responsive-container'), path).toBe(false)
    bytes += gzipSync(code).length
    const imports = [...code.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)]
    for (const [, name] of imports) pending.push(`assets/${name}`)
  }
  // The budget of docs/architecture.md, in bytes as a server sends them.
  expect(bytes).toBeLessThan(FIRST_SCREEN)
  const scripts = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.js'))
  const withTfjs = scripts.filter((name) => holdsTfjs(readFileSync(join(dist, 'assets', name), 'utf8')))
  expect(withTfjs.length).toBeGreaterThan(0)
  // Workers, and what only workers load, directly or through one another.
  const onlyWorkersLoad = (name: string, above: readonly string[] = []): boolean => {
    if (name.includes('worker') || above.includes(name)) return true
    const loaders = scripts.filter(
      (script) => script !== name && readFileSync(join(dist, 'assets', script), 'utf8').includes(name),
    )
    return loaders.length > 0 && loaders.every((loader) => onlyWorkersLoad(loader, [...above, name]))
  }
  for (const name of withTfjs) expect(onlyWorkersLoad(name), name).toBe(true)
})

test('without WebGPU the page says so, trains a small model slowly, and the rest works', async ({
  baseURL,
}) => {
  const args = browserFlags().filter((flag: string) => !/webgpu|Vulkan/i.test(flag))
  const browser = await chromium.launch({ ...launchOptions(), args: [...args, '--disable-gpu'] })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const studio = new StudioDriver(page)
    await studio.open(baseURL)
    await expect(studio.at('no-webgpu')).toBeVisible()
    await studio.at('config-select').selectOption('small')
    await studio.at('sequence-input').fill('16')
    await studio.at('steps-input').fill('2')
    await studio.at('train-button').click()
    await expect(studio.at('phase')).toHaveAttribute('data-phase', 'finished', { timeout: 120_000 })
    await studio.go('Wallet')
    await expect(studio.at('balance')).toContainText('2.000000000')
    await studio.go('Network')
    await expect(page.locator('[data-model]').first()).toBeVisible()
  } finally {
    await browser.close()
  }
})

test('an insecure address says why nothing can be trained', async ({ baseURL }) => {
  const options = launchOptions()
  const args = [...options.args, '--host-resolver-rules=MAP studio.test 127.0.0.1']
  const browser = await chromium.launch({ ...options, args })
  try {
    const page = await browser.newPage()
    const address = new URL(baseURL ?? '')
    address.hostname = 'studio.test'
    await page.goto(address.href)
    await expect(page.getByTestId('insecure-context')).toBeVisible()
  } finally {
    await browser.close()
  }
})

test('signing dialogs that do not load say so, leave the page as it is, and come on a second try', async ({
  page,
}) => {
  const name = readdirSync(join(dist, 'assets')).find(
    (file) =>
      file.endsWith('.js') && readFileSync(join(dist, 'assets', file), 'utf8').includes('prompt-passphrase'),
  )
  let gone = true
  await page.route(`**/assets/${name}*`, (route) => (gone ? route.abort() : route.continue()))
  const studio = new StudioDriver(page)
  await studio.open()
  await studio.go('Wallet')
  await expect(studio.at('balance')).toContainText('2.000000000')
  await studio.at('send-to').fill(`0x${'f'.repeat(64)}`)
  await studio.at('send-amount').fill('0.5')
  await studio.at('send-button').click()
  await expect(studio.at('signing-failed')).toContainText('Nothing was signed')
  await expect(studio.at('balance')).toBeVisible()
  gone = false
  await studio.at('signing-again').click()
  await studio.at('request-sign').click()
  await studio.sent()
  await expect(studio.at('balance')).toContainText('1.499')
})

test('a second tab says so instead of writing the same files', async ({ page, context }) => {
  const studio = new StudioDriver(page)
  await studio.open()
  const second = await context.newPage()
  await second.goto('./')
  await expect(second.getByTestId('already-open')).toBeVisible()
  await page.close()
  await second.getByRole('button', { name: 'Try again' }).click()
  await expect(second.getByTestId('corpus-summary')).toBeVisible()
})
