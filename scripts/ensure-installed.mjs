// @ts-check
/** Installs the locked dependencies where they are missing or older than the lockfile. Needs only Node. */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
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
function npm(args) {
  const entry = process.env['npm_execpath'] ?? ''
  if (entry.endsWith('npm-cli.js')) {
    execFileSync(process.execPath, [entry, ...args], { cwd: root, stdio: 'inherit' })
    return
  }
  // Started without npm. On Windows npm is a batch file, which only a shell runs.
  const windows = process.platform === 'win32'
  execFileSync(windows ? 'npm.cmd' : 'npm', args, { cwd: root, stdio: 'inherit', shell: windows })
}

/** @type {Record<string, string>} */
const packageOf = { biome: '@biomejs/biome', tsc: 'typescript', playwright: '@playwright/test' }

/**
 * The JavaScript file behind a package's command. Run with this Node, so that no shell ever sees a path: on Windows
 * the commands in node_modules/.bin are batch files, and a shell breaks paths with spaces apart.
 * @param {string} name
 */
export function bin(name) {
  const folder = join(root, 'node_modules', packageOf[name] ?? name)
  const entry = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).bin
  return join(folder, typeof entry === 'string' ? entry : entry[name])
}

/**
 * Runs a package's command in the project's folder and waits for it; its output goes where ours goes.
 * @param {string} name
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 */
export function run(name, args, options) {
  return spawnSync(process.execPath, [bin(name), ...args], { cwd: root, stdio: 'inherit', ...options })
}
