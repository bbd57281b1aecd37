import { create, globals } from 'webgpu'

// Setup of the project dawn: tests that ask for navigator.gpu get Dawn's, experimental features included.
Object.assign(globalThis, globals)
Object.defineProperty(globalThis, 'navigator', {
  value: { gpu: create(['enable-dawn-features=allow_unsafe_apis']), userAgent: 'node' },
  configurable: true,
})
