// @ts-check
/** `npm test`: installs what is missing, runs everything, ends with one line `N passed, N failed`. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runStages } from './check.mjs'
import { ensureInstalled, root, run } from './ensure-installed.mjs'
import { findOrInstallBrowser } from './find-browser.mjs'
import { describeTimes, playwrightTimes, vitestTimes } from './report-times.mjs'

const reports = mkdtempSync(join(tmpdir(), 'studio-test-'))
const total = { passed: 0, failed: 0 }
/** @type {import('./report-times.mjs').FileTime[]} */
const times = []

// However the run ends, also by an exception, it ends with the count.
process.on('exit', (code) => {
  if (code !== 0 && total.failed === 0) total.failed = 1
  if (total.failed > 0) process.exitCode = 1
  console.log(`\n${total.passed} passed, ${total.failed} failed`)
  rmSync(reports, { recursive: true, force: true })
})

/** @param {{passed: number, failed: number}} part */
function add(part) {
  total.passed += part.passed
  total.failed += part.failed
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

/** Why there is no browser to test in; undefined where there is one. */
function browserFault() {
  try {
    findOrInstallBrowser()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

ensureInstalled()
const missingBrowser = browserFault()
if (missingBrowser) {
  add({ passed: 0, failed: 1 })
  console.log(`${missingBrowser} Only what needs no browser is tested.`)
  // The runners' configurations look for a browser too; a wrong path must not stop them.
  delete process.env['CHROME_PATH']
}

console.log('\n== check')
add(runStages())

console.log(missingBrowser ? '\n== unit' : '\n== unit and in-browser')
const vitestReport = join(reports, 'vitest.json')
const vitest = run('vitest', [
  'run',
  ...(missingBrowser ? ['--project', 'node', '--project', 'slow'] : []),
  '--reporter=dot',
  '--reporter=json',
  `--outputFile.json=${vitestReport}`,
])
count(vitest.status === 0, vitestReport, (report) => {
  times.push(...vitestTimes(report, root))
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + (report.numFailedTestSuites > 0 && report.numFailedTests === 0 ? 1 : 0),
  }
})

console.log('\n== build')
const built = run('vite', ['build', '--logLevel', 'warn']).status === 0
add({ passed: built ? 1 : 0, failed: built ? 0 : 1 })

if (built && !missingBrowser) {
  console.log('\n== end to end')
  const e2eReport = join(reports, 'e2e.json')
  const e2e = run('playwright', ['test', '--reporter=list,json'], {
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: e2eReport },
  })
  count(e2e.status === 0, e2eReport, (report) => {
    times.push(...playwrightTimes(report))
    const { stats } = report
    // A test that passed only on a second try is a bug too.
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky }
  })
}
if (times.length > 0) console.log(`\n== where the time went\n${describeTimes(times, 12)}`)

process.exit(total.failed === 0 ? 0 : 1)
