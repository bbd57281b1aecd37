// @ts-check
/**
 * `npm run bench`: V1 training by the fused engine and by its peers in one browser, one JSON line a config on stdout;
 * progress goes to stderr.
 *   --config d64|d128|d256   only this one
 *   --node                   our engines in Node through Dawn: on the adapter that VK_ICD_FILENAMES names, else on
 *                            the machine's GPU, else on the browser's software adapter
 *   --gemm, --growth, --profile, --studio, --network, --routing   in place of the comparison: matrix products by
 *                            shape; time and bytes against the size; one step by kernel; the studio's recipes and a
 *                            forward window; a large registry in the page, long lists and epochs of the practice
 *                            network; the routing forecast of 10,000 targets against 1,000 models
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { bin, ensureInstalled, root } from './ensure-installed.mjs'
import { findOrInstallBrowser, softwareVulkan } from './find-browser.mjs'

const cases = ['d64', 'd128', 'd256']
const reports = ['gemm', 'growth', 'profile', 'studio', 'network', 'routing']
/** What bench/node-main.mjs ends with where Dawn has nothing to run on. */
const NO_ADAPTER = 3
const usage = `Usage: npm run bench [-- [--config d64|d128|d256] [--node] ${reports.map((name) => `[--${name}]`).join(' ')}]`

/** @param {string[]} args */
function readOptions(args) {
  const options = { configs: cases, node: false, /** @type {string[]} */ reports: [] }
  for (let index = 0; index < args.length; index += 1) {
    const name = (args[index] ?? '').replace(/^--/, '')
    if (name === 'config') {
      index += 1
      const config = args[index] ?? ''
      if (!cases.includes(config)) throw new Error(usage)
      options.configs = [config]
    } else if (name === 'node') options.node = true
    else if (reports.includes(name)) options.reports.push(name)
    else throw new Error(usage)
  }
  return options
}

/** Lines that are results go to stdout, all others to stderr. @param {string} line */
function sort(line) {
  if (line.startsWith('{"')) console.log(line)
  else if (line.startsWith('# ')) console.error(line.slice(2))
  else if (/rror|failed/.test(line)) console.error(line)
}

/**
 * A fresh browser for each, so that nothing is compiled before its first step.
 * @param {string} file
 * @param {string} config
 * @returns {Promise<boolean>}
 */
function inBrowser(file, config = '') {
  const args = [
    'run',
    '--config',
    'bench/vitest.config.ts',
    '--disable-console-intercept=true',
    `bench/${file}`,
  ]
  return run([bin('vitest'), ...args], { BENCHMARK_CASE: config })
}

/**
 * A program of Node whose results are JSON lines; whether it ended well.
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @returns {Promise<boolean>}
 */
async function run(args, env) {
  return (await exitCode(args, env)) === 0
}

/**
 * @param {string[]} args
 * @param {Record<string, string>} env
 * @returns {Promise<number | null>}
 */
function exitCode(args, env) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', sort)
  return new Promise((resolve) => child.on('close', resolve))
}

/**
 * Drivers are looked up when a process starts, so each adapter that is tried has a process of its own.
 * @param {string[]} configs
 */
async function inNode(configs) {
  for (const env of [{}, softwareVulkan()]) {
    const code = await exitCode(['bench/node-main.mjs', ...configs], env)
    if (code !== NO_ADAPTER) return code === 0
  }
  console.error('Dawn finds no adapter: neither a GPU of this machine nor a browser with a software adapter.')
  return false
}

async function main() {
  const options = readOptions(process.argv.slice(2))
  ensureInstalled()
  if (options.node) return inNode(options.configs)
  findOrInstallBrowser()
  let ok = true
  const only = options.configs.length === 1 ? options.configs[0] : ''
  for (const report of options.reports) ok = (await inBrowser(`${report}.browser.ts`, only)) && ok
  if (options.reports.includes('network'))
    ok = (await run(['--import', 'tsx', 'bench/practice-core.ts'], {})) && ok
  if (options.reports.length > 0) return ok
  for (const config of options.configs) ok = (await inBrowser('trainers.browser.ts', config)) && ok
  return ok
}

main().then(
  (ok) => process.exit(ok ? 0 : 1),
  (error) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  },
)
