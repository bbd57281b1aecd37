// @ts-check
/** `npm run bench`: seconds a step and a forward window on this machine's browser and adapter. */
import { ensureInstalled, run } from './ensure-installed.mjs'
import { findOrInstallBrowser } from './find-browser.mjs'

ensureInstalled()
try {
  findOrInstallBrowser()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
const bench = run('vitest', ['run', '--config', 'bench/vitest.config.ts', ...process.argv.slice(2)])
process.exit(bench.status ?? 1)
