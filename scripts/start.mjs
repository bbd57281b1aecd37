// @ts-check
/** `npm start`: installs what is missing, builds, serves. Arguments go to server/main.ts. */
import { spawn } from 'node:child_process'
import { ensureInstalled, root, run } from './ensure-installed.mjs'

ensureInstalled()
console.log('Building the studio.')
const built = run('vite', ['build', '--logLevel', 'warn'])
if (built.status !== 0) process.exit(built.status ?? 1)
const server = spawn(process.execPath, ['--import', 'tsx', 'server/main.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
server.on('exit', (code) => process.exit(code ?? 0))
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
  process.on(signal, () => server.kill(signal))
