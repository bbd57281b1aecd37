import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
// @ts-expect-error plain JavaScript so that it runs before anything is installed
import { launchOptions } from '../scripts/find-browser.mjs'
import { bigNode } from './big-node.ts'

// Measurements, kept apart from the tests; scripts/bench.mjs runs them.
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  plugins: [bigNode()],
  optimizeDeps: { include: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-webgpu', '@jax-js/jax'] },
  test: {
    include: ['bench/**/*.browser.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
    fileParallelism: false,
    provide: { benchmarkCase: process.env['BENCHMARK_CASE'] ?? '' },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: launchOptions() }),
      instances: [{ browser: 'chromium' }],
    },
  },
})
