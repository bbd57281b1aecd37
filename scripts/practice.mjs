// @ts-check
/** `npm run practice`: the practice network as a server. Arguments go to server/practice/main.ts. */
import { spawn } from 'node:child_process'
import { ensureInstalled, root } from './ensure-installed.mjs'

ensureInstalled()
const server = spawn(
  process.execPath,
  ['--import', 'tsx', 'server/practice/main.ts', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit' },
)
server.on('exit', (code) => process.exit(code ?? 0))
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.on(signal, () => server.kill(signal))
