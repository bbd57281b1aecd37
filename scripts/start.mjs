// @ts-check
/** `npm start`: installs what is missing, builds, serves. Arguments go to server/main.ts. */
import { execFileSync, spawn } from 'node:child_process'
import { bin, ensureInstalled, root } from './ensure-installed.mjs'

ensureInstalled()
const windows = process.platform === 'win32'
console.log('Building the studio.')
execFileSync(bin('vite'), ['build', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit', shell: windows })
const server = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
server.on('exit', (code) => process.exit(code ?? 0))
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.on(signal, () => server.kill(signal))
