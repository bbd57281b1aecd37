// @ts-check
/** `npm run demo`: installs what is missing, builds, then runs scripts/demo/main.ts. */
import { execFileSync, spawnSync } from 'node:child_process'
import { bin, ensureInstalled, root } from './ensure-installed.mjs'

ensureInstalled()
const { findOrInstallBrowser } = await import('./find-browser.mjs')
findOrInstallBrowser()
const windows = process.platform === 'win32'
execFileSync(bin('vite'), ['build', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit', shell: windows })
const demo = spawnSync(
  process.execPath,
  ['--import', 'tsx', 'scripts/demo/main.ts', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
)
process.exit(demo.status ?? 1)
