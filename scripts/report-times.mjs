// @ts-check
/** Where the time of a test run went: by part of the project, and the slowest files. */
import { relative } from 'node:path'

/** @typedef {{file: string, seconds: number}} FileTime */

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
  return (report.testResults ?? []).map((/** @type {any} */ { name, startTime, endTime }) => ({
    file: relative(root, name).replaceAll('\\', '/'),
    seconds: (endTime - startTime) / 1000,
  }))
}

/**
 * Of Playwright's JSON report.
 * @param {any} report
 * @returns {FileTime[]}
 */
export function playwrightTimes(report) {
  return (report.suites ?? []).map((/** @type {any} */ suite) => ({
    file: `e2e/${suite.file}`,
    seconds: suite.specs
      .flatMap((/** @type {any} */ spec) => spec.tests)
      .flatMap((/** @type {any} */ test) => test.results)
      .reduce((/** @type {number} */ sum, /** @type {any} */ result) => sum + result.duration / 1000, 0),
  }))
}

/**
 * @param {readonly FileTime[]} times
 * @param {number} slowest How many files are named.
 */
export function describeTimes(times, slowest) {
  const sums = new Map(parts.map(([name]) => [name, 0]))
  for (const { file, seconds } of times) {
    const part = parts.find(([, pattern]) => pattern.test(file))?.[0] ?? ''
    sums.set(part, (sums.get(part) ?? 0) + seconds)
  }
  const line = (/** @type {string} */ what, /** @type {number} */ seconds) =>
    `${seconds.toFixed(1).padStart(7)} s  ${what}`
  return [
    ...[...sums].map(([name, seconds]) => line(name, seconds)),
    `The ${slowest} slowest files:`,
    ...[...times]
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, slowest)
      .map(({ file, seconds }) => line(file, seconds)),
  ].join('\n')
}
