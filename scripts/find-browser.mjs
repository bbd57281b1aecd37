// @ts-check
/** Where tests find a Chrome or Chromium, and the flags that give it WebGPU on a machine without a GPU. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { bin } from './ensure-installed.mjs'

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

/** What installing depends on; a test gives another machine than this one. */
const thisMachine = {
  find: findBrowser,
  osRelease: () => (existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : ''),
  isRoot: () => process.getuid?.() === 0,
  execute(/** @type {string} */ command, /** @type {string[]} */ args) {
    execFileSync(command, args, {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  },
}

/**
 * As findBrowser, installing one where it can: apt on Debian as root (Ubuntu's package only points at a snap), else
 * Playwright's own chromium, for which the answer is undefined. Throws a sentence where there is none in the end.
 */
export function findOrInstallBrowser(machine = thisMachine) {
  const found = machine.find()
  if (found) return found
  if (machine.isRoot() && /^ID="?debian"?$/m.test(machine.osRelease())) {
    console.log('No Chrome or Chromium found; installing chromium with apt-get.')
    try {
      machine.execute('apt-get', ['update', '-qq'])
      machine.execute('apt-get', ['install', '-y', '-qq', 'chromium'])
    } catch {
      console.log('apt-get could not install it.')
    }
    const installed = machine.find()
    if (installed) return installed
  }
  console.log("No Chrome or Chromium found; installing Playwright's chromium.")
  try {
    machine.execute(process.execPath, [bin('playwright'), 'install', '--no-shell', 'chromium'])
  } catch (cause) {
    throw new Error(
      'No Chrome or Chromium was found and none could be installed: install one, or set CHROME_PATH to its program file.',
      { cause },
    )
  }
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

/**
 * Environment that lets Dawn in Node find the browser's software adapter where a package puts it beside the browser;
 * VK_ICD_FILENAMES chooses another. Empty where there is neither.
 * @returns {Record<string, string>}
 */
export function softwareVulkan() {
  if (process.env['VK_ICD_FILENAMES']) return {}
  const browser = findBrowser()
  const folders = browser ? [dirname(browser), join(dirname(browser), '../lib/chromium')] : []
  const folder = folders.find((path) => existsSync(join(path, 'vk_swiftshader_icd.json')))
  if (!folder) return {}
  const libraries = [folder, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(delimiter)
  return { VK_ICD_FILENAMES: join(folder, 'vk_swiftshader_icd.json'), LD_LIBRARY_PATH: libraries }
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
