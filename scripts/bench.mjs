// @ts-check
/** `npm run bench`: seconds a step and a forward window on this machine's browser and adapter. */
import { spawnSync } from 'node:child_process'
import { bin, ensureInstalled, root } from './ensure-installed.mjs'

ensureInstalled()
const { findOrInstallBrowser } = await import('./find-browser.mjs')
findOrInstallBrowser()
const run = spawnSync(
  bin('vitest'),
  ['run', '--config', 'bench/vitest.config.ts', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  },
)
process.exit(run.status ?? 1)
