import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { offlineCopy } from './scripts/offline-copy/offline-copy-plugin.ts'

// Relative base: the same build works from any static host under any path.
export default defineConfig({
  base: './',
  plugins: [react(), offlineCopy()],
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 2500,
    assetsInlineLimit: 0,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  optimizeDeps: { include: ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-webgpu'] },
})
