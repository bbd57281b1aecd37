// @ts-check
/** `npm run interop`: installs what is missing, then runs scripts/interop/main.ts. */
import { spawnSync } from 'node:child_process'
import { ensureInstalled, root } from './ensure-installed.mjs'

ensureInstalled()
const interop = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/interop/main.ts'], {
  cwd: root,
  stdio: 'inherit',
})
process.exit(interop.status ?? 1)
