// @ts-check
/** `npm test`: installs what is missing, runs everything, ends with one line `N passed, N failed`. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bin, ensureInstalled, root } from './ensure-installed.mjs'

ensureInstalled()
const { findOrInstallBrowser } = await import('./find-browser.mjs')
const { runStages } = await import('./check.mjs')
findOrInstallBrowser()

const reports = mkdtempSync(join(tmpdir(), 'studio-test-'))
const total = { passed: 0, failed: 0 }

/** @param {{passed: number, failed: number}} part */
function add(part) {
  total.passed += part.passed
  total.failed += part.failed
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 */
function run(command, args, env = {}) {
  const result = spawnSync(bin(command), args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  })
  return result.status === 0
}

/** A runner that dies without a report counts as one failure.
 * @param {boolean} ok
 * @param {string} file
 * @param {(report: any) => {passed: number, failed: number}} read */
function count(ok, file, read) {
  let part
  try {
    part = read(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    part = { passed: 0, failed: 1 }
  }
  if (!ok && part.failed === 0) part.failed = 1
  add(part)
}

console.log('\n== check')
add(runStages())

console.log('\n== unit and in-browser')
const vitestReport = join(reports, 'vitest.json')
const vitestOk = run('vitest', [
  'run',
  '--reporter=dot',
  '--reporter=json',
  `--outputFile.json=${vitestReport}`,
])
count(vitestOk, vitestReport, (report) => ({
  passed: report.numPassedTests,
  failed: report.numFailedTests + (report.numFailedTestSuites > 0 && report.numFailedTests === 0 ? 1 : 0),
}))

console.log('\n== build')
const built = run('vite', ['build', '--logLevel', 'warn'])
add({ passed: built ? 1 : 0, failed: built ? 0 : 1 })

console.log('\n== end to end')
if (built) {
  const e2eReport = join(reports, 'e2e.json')
  const e2eOk = run('playwright', ['test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: e2eReport,
  })
  count(e2eOk, e2eReport, ({ stats }) => ({
    passed: stats.expected,
    // A test that passed only on a second try is a bug too.
    failed: stats.unexpected + stats.flaky,
  }))
}

rmSync(reports, { recursive: true, force: true })
console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed === 0 ? 0 : 1)
