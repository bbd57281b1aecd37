// @ts-check
/** Where the time of a test run went: by part of the project, and the slowest files. */
import { relative } from 'node:path'

/**
 * `ofRun` is what the file adds to the time of a run: files that run side by side share the seconds in which they do.
 * @typedef {{file: string, seconds: number, ofRun: number}} FileTime
 */

/** Each part is to stay short, so each has its sum; a file belongs to the first part that fits.
 * @type {[string, RegExp][]} */
const parts = [
  [
    'strategies',
    /^(src\/(strategies|features\/strategies|worker\/trainer\/strategies|stores\/actions\/strategies)\/|src\/worker\/(strategies|downloads)|src\/stores\/rivals|scripts\/strategies\/|e2e\/(strateg|rounds|data|competitor))/,
  ],
  [
    'network',
    /^(src\/(chain|wallet|practice|arrgen|worker\/practice)\/|server\/|e2e\/(localnet|wallet|practice))/,
  ],
  ['engine', /^(src\/(engine|gpu|benchmark|tokenizer|model)\/|e2e\/device)/],
  ['studio', /./],
]

/**
 * Of Vitest's JSON report; a file that runs in two projects counts twice.
 * @param {any} report
 * @param {string} root
 * @returns {FileTime[]}
 */
export function vitestTimes(report, root) {
  const files = (report.testResults ?? []).map((/** @type {any} */ { name, startTime, endTime }) => ({
    file: relative(root, name).replaceAll('\\', '/'),
    from: startTime / 1000,
    to: endTime / 1000,
  }))
  const took = files.reduce(
    (/** @type {number} */ sum, /** @type {any} */ { from, to }) => sum + to - from,
    0,
  )
  const starts = files.map((/** @type {any} */ { from }) => from)
  const ends = files.map((/** @type {any} */ { to }) => to)
  const wall = Math.max(...ends) - Math.min(...starts)
  return files.map((/** @type {any} */ { file, from, to }) => ({
    file,
    seconds: to - from,
    ofRun: took > 0 ? ((to - from) * Math.min(wall, took)) / took : 0,
  }))
}

/**
 * Of Playwright's JSON report.
 * @param {any} report
 * @returns {FileTime[]}
 */
export function playwrightTimes(report) {
  return (report.suites ?? []).map((/** @type {any} */ suite) => {
    const seconds = suite.specs
      .flatMap((/** @type {any} */ spec) => spec.tests)
      .flatMap((/** @type {any} */ test) => test.results)
      .reduce((/** @type {number} */ sum, /** @type {any} */ result) => sum + result.duration / 1000, 0)
    return { file: `e2e/${suite.file}`, seconds, ofRun: seconds }
  })
}

/**
 * @param {readonly FileTime[]} times
 * @param {number} slowest How many files are named.
 */
export function describeTimes(times, slowest) {
  const sums = new Map(parts.map(([name]) => [name, { seconds: 0, ofRun: 0 }]))
  for (const { file, seconds, ofRun } of times) {
    const sum = sums.get(parts.find(([, pattern]) => pattern.test(file))?.[0] ?? '')
    if (!sum) continue
    sum.seconds += seconds
    sum.ofRun += ofRun
  }
  const padded = (/** @type {number} */ seconds) => `${seconds.toFixed(1).padStart(7)} s`
  return [
    ...[...sums].map(
      ([name, { seconds, ofRun }]) =>
        `${padded(ofRun)}  ${name} (${seconds.toFixed(1)} s of tests, partly side by side)`,
    ),
    `The ${slowest} slowest files:`,
    ...[...times]
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, slowest)
      .map(({ file, seconds }) => `${padded(seconds)}  ${file}`),
  ].join('\n')
}
