// @ts-check
/** `npm run demo`: installs what is missing, builds, then runs scripts/demo/main.ts. */
import { spawnSync } from 'node:child_process'
import { ensureInstalled, root, run } from './ensure-installed.mjs'
import { findOrInstallBrowser } from './find-browser.mjs'

ensureInstalled()
try {
  findOrInstallBrowser()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
const built = run('vite', ['build', '--logLevel', 'warn'])
if (built.status !== 0) process.exit(built.status ?? 1)
const demo = spawnSync(
  process.execPath,
  ['--import', 'tsx', 'scripts/demo/main.ts', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
)
process.exit(demo.status ?? 1)
