import { create, globals } from 'webgpu'

// Setup of the project dawn: tests that ask for navigator.gpu get Dawn's.
Object.assign(globalThis, globals)
Object.defineProperty(globalThis, 'navigator', {
  value: { gpu: create([]), userAgent: 'node' },
  configurable: true,
})
