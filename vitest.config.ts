import { availableParallelism } from 'node:os'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
// @ts-expect-error plain JavaScript so that it runs before anything is installed
import { launchOptions, softwareVulkan } from './scripts/find-browser.mjs'
import { standInCommands } from './test/stand-in-commands.ts'

/** One page at a time; Vitest names the instances by the project, so each has its own. */
const inChromium = () => ({
  enabled: true,
  headless: true,
  fileParallelism: false,
  screenshotFailures: false,
  provider: playwright({ launchOptions: launchOptions() }),
  instances: [{ browser: 'chromium' as const }],
})

// tfjs is CommonJS inside; bundling it ahead keeps the first test from reloading the page.
const inBrowser = {
  optimizeDeps: { include: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-webgpu'] },
  server: { headers: { 'Cross-Origin-Opener-Policy': 'same-origin' } },
}

/** Tests that compute on one device, one after another. */
const inOnePage = 'src/{engine,benchmark}/**/*.{browser,gpu}.test.ts'

/** Against hangs only, ms: up to three things at a time share the machine. */
const patience = { testTimeout: 180_000, expect: { poll: { timeout: 20_000 } } }

/** Minutes a file: only `npm run soak` asks for them. */
const soakProjects: TestProjectInlineConfiguration[] = [
  {
    test: {
      name: 'soak',
      environment: 'node',
      include: ['{src,server,scripts}/**/*.soak.ts'],
      exclude: ['**/*.browser.soak.ts', '**/node_modules/**'],
      testTimeout: 1_800_000,
    },
  },
  {
    ...inBrowser,
    test: {
      name: 'soak-browser',
      include: ['src/**/*.browser.soak.ts'],
      testTimeout: 1_800_000,
      fileParallelism: false,
      browser: inChromium(),
    },
  },
  {
    // What trains, once more in Node through Dawn; VK_ICD_FILENAMES chooses an adapter other than the browser's.
    test: {
      name: 'soak-dawn',
      environment: 'node',
      include: [
        'src/engine/fused/{kernel-sets,fused-kernel-sets,memory-plans,streamed-engine}.browser.test.ts',
        'src/engine/fused/tuner/*.browser.test.ts',
      ],
      setupFiles: ['test/dawn.ts'],
      pool: 'forks',
      env: softwareVulkan(),
      testTimeout: 300_000,
      fileParallelism: false,
    },
  },
]

// Pure code runs in Node, what touches WebGPU, OPFS or the DOM runs in a real browser. All projects ask for the same number
// of workers, or Vitest would run them one after another: Node, the page of the engine and the pages of the other browser
// tests go side by side.
export default defineConfig({
  test: {
    // One less is the default; pages and workers wait for the device often enough.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: ['{src,server,scripts}/**/*.test.ts'],
          exclude: ['**/*.{browser,gpu}.test.ts', '**/*.slow.test.ts', '**/node_modules/**'],
          ...patience,
        },
      },
      {
        // Parity of the plain engine on the CPU backend takes seconds a step: not part of `npm run check`.
        test: {
          name: 'slow',
          environment: 'node',
          include: ['src/**/*.slow.test.ts'],
          ...patience,
        },
      },
      {
        // The kernels once more in Node through Dawn: on a GPU, else on the browser's software adapter, else skipped.
        test: {
          name: 'dawn',
          environment: 'node',
          include: ['src/**/*.gpu.test.ts'],
          setupFiles: ['test/dawn.ts'],
          pool: 'forks',
          env: softwareVulkan(),
          ...patience,
        },
      },
      {
        ...inBrowser,
        test: {
          name: 'browser',
          include: ['{src,scripts}/**/*.{browser,gpu}.test.ts'],
          exclude: [inOnePage, '**/node_modules/**'],
          ...patience,
          browser: { ...inChromium(), commands: standInCommands },
        },
      },
      {
        // Most of their time is the compiling of kernels, which files in one page do once (src/engine/ops/test-gpu.ts).
        ...inBrowser,
        test: {
          name: 'engine',
          include: [inOnePage],
          ...patience,
          isolate: false,
          browser: inChromium(),
        },
      },
      ...(process.env['STUDIO_SOAK'] ? soakProjects : []),
    ],
  },
})
