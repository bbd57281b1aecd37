import { defineConfig } from '@playwright/test'
// @ts-expect-error plain JavaScript so that it runs before anything is installed
import { launchOptions } from './scripts/find-browser.mjs'

// Several checkouts may be tested at once.
const port = Number(process.env['STUDIO_E2E_PORT'] ?? 4319)

// The built studio, served as users get it, in one real browser at a time (the software adapter is slow).
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 1,
  retries: 0,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    viewport: { width: 1280, height: 800 },
    launchOptions: launchOptions(),
    // Fetches 15 MB in each fresh profile and answers before page.route; offline.spec.ts is about it and allows it.
    serviceWorkers: 'block',
    // Without its film, which is drawn all the time for tests that pass.
    trace: { mode: 'retain-on-failure', screenshots: false },
  },
  webServer: {
    command: `node --import tsx server/main.ts --no-open --port ${port}`,
    url: `http://127.0.0.1:${port}/`,
    reuseExistingServer: false,
  },
})
