/** The main job end to end, through the page itself. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { StudioDriver } from '../../e2e/studio-driver.ts'
import { serve } from '../../server/serve.ts'
// @ts-expect-error plain JavaScript so that it runs before anything is installed
import { launchOptions } from '../find-browser.mjs'
import { type DemoOptions, readOptions, usage } from './options.ts'

/** A stage may take this long before the demo gives up. */
const PATIENCE = 120_000

interface Result {
  readonly steps: number
  readonly lossFirst: number
  readonly lossLast: number
  readonly tokensPerSecond: number
  readonly modelId: string
  readonly commitDigest: string
  readonly revealDigest: string
  readonly state: string
}

async function demo(page: Page, url: string, options: DemoOptions): Promise<Result> {
  const studio = new StudioDriver(page, PATIENCE)
  let shots = 0
  let stage = 'opening the page'
  const begin = (name: string) => {
    stage = name
    console.log(`  ${name}`)
  }
  const shot = async (name: string) => {
    // A field that was filled may have scrolled the page.
    await page.evaluate(() => scrollTo(0, 0))
    await page.screenshot({ path: join(options.out, `${++shots}-${name}.png`) })
  }
  try {
    begin('opening the page')
    await studio.open(url)
    await shot('open')

    begin(`dropping ${options.data}`)
    await studio.dropData(options.data)
    await studio.chooseConfig(options.config)
    await studio.fill('steps-input', options.steps)
    await studio.fill('sequence-input', options.sequence)
    if (options.from === 'competitor') await studio.chooseCompetitor()
    await studio.counted()
    await shot('data')

    begin(`training ${options.steps} steps of ${options.config} at sequence ${options.sequence}`)
    await studio.at('train-button').click()
    await studio.waitForPhase('running', 'finished')
    let shown = 0
    while ((await studio.at('phase').getAttribute('data-phase')) === 'running') {
      const step = await studio.step()
      if (step >= shown + Math.max(1, options.steps / 10)) {
        shown = step
        console.log(`    step ${step} of ${options.steps}, ${await studio.at('loss-smoothed').innerText()}`)
        if (step < options.steps) await shot(`training-${step}`)
      }
      await page.waitForTimeout(300)
    }
    await studio.waitForPhase('finished')
    const steps = await studio.step()
    const lossFirst = await studio.value('validation-loss', 'first')
    const lossLast = await studio.value('validation-loss', 'last')
    const tokensPerSecond = await studio.value('tokens-per-second', 'value')
    await shot('trained')

    begin('committing')
    await studio.commit(async (act) => {
      await shot(`review-${act}`)
    })
    const commitDigest = await studio.receipt('commit')
    const modelId = (await studio.at('model-id').first().textContent()) ?? ''
    await shot('committed')

    begin('advancing to the next epoch')
    await studio.advanceEpoch()

    begin('revealing')
    await studio.reveal()
    const revealDigest = await studio.receipt('reveal')
    const state = (await studio.at('draft-state').first().textContent()) ?? ''
    await shot('revealed')
    await studio.go('Network')
    await shot('network')
    if (state !== 'active') throw new Error(`The model is ${state || 'unknown'} instead of active.`)
    return { steps, lossFirst, lossLast, tokensPerSecond, modelId, commitDigest, revealDigest, state }
  } catch (error) {
    await shot('failed').catch(() => undefined)
    const reason = error instanceof Error ? firstLines(error.message) : String(error)
    const alerts = await page
      .getByRole('alert')
      .allInnerTexts()
      .catch(() => [])
    const said = alerts.map((text) => firstLines(text)).filter((text) => text && !reason.includes(text))
    throw new Error(
      [`Failed while ${stage}: ${reason}`, ...said.map((text) => `The page says: ${text}`)].join('\n'),
    )
  }
}

/** What an assertion says, without its call log. */
function firstLines(message: string): string {
  return (message.split('Call log:')[0] ?? '').replace(/\s*\n\s*/g, ' ').trim()
}

async function main(): Promise<number> {
  let options: DemoOptions
  try {
    options = readOptions(process.argv.slice(2))
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`)
    return 2
  }
  mkdirSync(options.out, { recursive: true })
  const folder = join(import.meta.dirname, '../../dist')
  const server = await serve({ folder, port: 0, host: '127.0.0.1', connectHosts: [] })
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
  const browser = await chromium.launch(launchOptions())
  try {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      colorScheme: 'dark',
      serviceWorkers: 'block',
    })
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    const result = await demo(page, url, options)
    if (faults.length > 0) throw new Error(`The page reported errors: ${faults.join('; ')}`)
    console.log(JSON.stringify(result))
    return 0
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return 1
  } finally {
    await browser.close()
    server.closeAllConnections()
    server.close()
  }
}

process.exit(await main())
