// @ts-check
/** Installs the locked dependencies where they are missing or older than the lockfile. Needs only Node. */
import { execFileSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const oldest = [20, 19]

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return
  console.error(`Node ${process.versions.node} is too old: SOMA Studio needs ${oldest.join('.')} or newer.`)
  process.exit(1)
}

export function ensureInstalled() {
  checkNode()
  const mark = join(root, 'node_modules', '.package-lock.json')
  const lock = join(root, 'package-lock.json')
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync(lock).mtimeMs) return
  console.log('Installing dependencies (npm ci).')
  npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'])
}

/** @param {string[]} args */
export function npm(args) {
  const windows = process.platform === 'win32'
  execFileSync(windows ? 'npm.cmd' : 'npm', args, { cwd: root, stdio: 'inherit', shell: windows })
}

/** Path of a package's command, run with this Node.
 * @param {string} name */
export function bin(name) {
  return join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name)
}
