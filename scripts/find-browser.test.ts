import { beforeEach, describe, expect, test, vi } from 'vitest'
// @ts-expect-error plain JavaScript so that it runs before anything is installed
import { findOrInstallBrowser } from './find-browser.mjs'

const debian = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n'
const ubuntu = 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n'
const chromium = '/usr/bin/chromium'

/** A machine without a browser; `works` says which commands succeed, and apt-get brings one. */
function machine(osRelease: string, isRoot: boolean, works: readonly string[]) {
  const commands: string[] = []
  let found: string | undefined
  return {
    commands,
    find: () => found,
    osRelease: () => osRelease,
    isRoot: () => isRoot,
    execute(command: string, args: string[]) {
      const name = command === process.execPath ? 'playwright' : command
      commands.push(`${name} ${args.filter((arg) => !arg.includes('cli.js')).join(' ')}`)
      if (!works.includes(name)) throw new Error(`${name} failed`)
      if (args.includes('install') && name === 'apt-get') found = chromium
    },
  }
}

const update = 'apt-get update -qq'
const apt = 'apt-get install -y -qq chromium'
const own = 'playwright install --no-shell chromium'

beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  return () => vi.restoreAllMocks()
})

describe('a browser that is not there', () => {
  test.each([
    ['Debian as root', debian, true, ['apt-get'], [update, apt], chromium],
    ['Debian as root where apt fails', debian, true, ['playwright'], [update, own], undefined],
    ['Debian as somebody', debian, false, ['apt-get', 'playwright'], [own], undefined],
    ['Ubuntu as root', ubuntu, true, ['apt-get', 'playwright'], [own], undefined],
    ['no os-release', '', true, ['playwright'], [own], undefined],
  ])('%s', (_name, osRelease, isRoot, works, commands, answer) => {
    const here = machine(osRelease, isRoot, works)
    expect(findOrInstallBrowser(here)).toBe(answer)
    expect(here.commands).toEqual(commands)
  })

  test('where nothing works it says what to do', () => {
    expect(() => findOrInstallBrowser(machine(debian, true, []))).toThrow(
      'No Chrome or Chromium was found and none could be installed: install one, or set CHROME_PATH to its program file.',
    )
  })
})
