// @ts-check
/** Where tests find a Chrome or Chromium, and the flags that give it WebGPU on a machine without a GPU. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'chrome']
const usualPlaces = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
]

/** Path of a browser on this machine: CHROME_PATH, PATH, the usual places; undefined where there is none. */
export function findBrowser() {
  const chosen = process.env['CHROME_PATH']
  if (chosen) {
    if (!existsSync(chosen)) throw new Error(`CHROME_PATH names ${chosen}, and there is no such file.`)
    return chosen
  }
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of names) {
      const path = join(folder, process.platform === 'win32' ? `${name}.exe` : name)
      if (folder && existsSync(path)) return path
    }
  }
  return usualPlaces.find((path) => existsSync(path))
}

/** As findBrowser, installing one where it can: apt on Debian as root, else Playwright's own chromium. */
export function findOrInstallBrowser() {
  const found = findBrowser()
  if (found) return found
  const run = (/** @type {string} */ command, /** @type {string[]} */ args) =>
    execFileSync(command, args, {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    console.log('No Chrome or Chromium found; installing chromium with apt-get.')
    run('apt-get', ['update', '-qq'])
    run('apt-get', ['install', '-y', '-qq', 'chromium'])
    return findBrowser()
  }
  console.log("No Chrome or Chromium found; installing Playwright's chromium.")
  run(process.execPath, [join('node_modules', 'playwright', 'cli.js'), 'install', '--no-shell', 'chromium'])
  return undefined
}

const softwareAdapter = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Flags for a headless browser with WebGPU on the software adapter; STUDIO_BROWSER_FLAGS replaces them. */
export function browserFlags() {
  const chosen = process.env['STUDIO_BROWSER_FLAGS']
  return chosen === undefined ? softwareAdapter : chosen.split(' ').filter(Boolean)
}

/** Launch options for Playwright: the full browser in the new headless mode. */
export function launchOptions() {
  const executablePath = findBrowser()
  return {
    args: browserFlags(),
    headless: true,
    ...(executablePath ? { executablePath } : { channel: 'chromium' }),
  }
}
