// @ts-check
/**
 * `npm run soak [-- FILTER...]`: what is too long for `npm test`. A file `*.soak.ts` runs in Node, `*.browser.soak.ts` in a
 * real browser.
 */
import { ensureInstalled, run } from './ensure-installed.mjs'
import { findOrInstallBrowser } from './find-browser.mjs'

ensureInstalled()
try {
  findOrInstallBrowser()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
const soak = run('vitest', ['run', '--project', 'soak*', ...process.argv.slice(2)], {
  env: { ...process.env, STUDIO_SOAK: '1' },
})
process.exit(soak.status ?? 1)
