import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
// @ts-expect-error plain JavaScript so that it runs before anything is installed
import { bin } from './ensure-installed.mjs'

/** Stands in for each package's command: notes how it was called, and reports two passed tests where asked. */
const standIn = `
const { appendFileSync, writeFileSync } = require('node:fs')
const args = process.argv.slice(2)
appendFileSync('calls', [require('node:path').basename(__dirname), ...args].join(' ') + '\\n')
const report = args.find((arg) => arg.startsWith('--outputFile.json='))?.split('=')[1]
if (report) writeFileSync(report, JSON.stringify({ numPassedTests: 2, numFailedTests: 0, numFailedTestSuites: 0 }))
`
const commands = { '@biomejs/biome': 'biome', typescript: 'tsc', tsx: 'tsx', vitest: 'vitest', vite: 'vite' }

let parent = ''
let folder = ''
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'studio-runner-'))
  folder = join(parent, 'Jane Doe')
})
afterEach(() => rmSync(parent, { recursive: true }))

/** A project of nothing but our scripts, in a folder with a space in its name. */
function project(): void {
  mkdirSync(folder)
  cpSync(import.meta.dirname, join(folder, 'scripts'), { recursive: true })
}

function install(): void {
  writeFileSync(join(folder, 'package-lock.json'), '{}')
  for (const [name, command] of Object.entries({ ...commands, '@playwright/test': 'playwright' })) {
    const at = join(folder, 'node_modules', name)
    mkdirSync(at, { recursive: true })
    writeFileSync(join(at, 'package.json'), JSON.stringify({ bin: { [command]: 'cli.js' } }))
    writeFileSync(join(at, 'cli.js'), standIn)
  }
  writeFileSync(join(folder, 'node_modules', '.package-lock.json'), '{}')
}

function runTests(env: Record<string, string>) {
  const { status, stdout } = spawnSync(process.execPath, [join(folder, 'scripts', 'test.mjs')], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  const calls = join(folder, 'calls')
  return {
    status,
    stdout,
    lastLine: stdout.trimEnd().split('\n').at(-1),
    calls: existsSync(calls) ? readFileSync(calls, 'utf8').trimEnd().split('\n') : [],
  }
}

test('without a browser everything else runs, and the lack of one is a failure', () => {
  project()
  install()
  const { status, stdout, lastLine, calls } = runTests({ CHROME_PATH: join(folder, 'no-chrome') })
  expect(stdout).toContain('no-chrome, and there is no such file. Only what needs no browser is tested.')
  expect(calls.map((call) => call.split(' ')[0])).toEqual(['biome', 'typescript', 'tsx', 'vitest', 'vite'])
  expect(calls[3]).toContain('run --project node --project slow')
  // Three stages, two tests, the build; the browser.
  expect(lastLine).toBe('6 passed, 1 failed')
  expect(status).toBe(1)
})

test('with a browser everything runs', () => {
  project()
  install()
  const { lastLine, calls } = runTests({ CHROME_PATH: process.execPath })
  expect(calls[3]).not.toContain('--project')
  expect(calls.at(-1)).toMatch(/^test test --reporter=list,json/)
  // The stand-in for Playwright leaves no report, which is a failure of its own.
  expect(lastLine).toBe('6 passed, 1 failed')
})

test('the count also ends a run that breaks', () => {
  project()
  const { status, lastLine } = runTests({ npm_execpath: join(folder, 'npm-cli.js') })
  expect(lastLine).toBe('0 passed, 1 failed')
  expect(status).toBe(1)
})

test.each([...Object.values(commands), 'playwright'])('%s is run by its JavaScript file', (command) => {
  expect(existsSync(bin(command))).toBe(true)
  expect(bin(command)).not.toContain('.bin')
})
