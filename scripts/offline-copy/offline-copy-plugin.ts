import type { Plugin } from 'vite'
import { writeOfflineWorker } from './write-offline-worker.ts'

/** After a build: the service worker that keeps it. The development server has none. */
export function offlineCopy(): Plugin {
  return {
    name: 'offline-copy',
    apply: 'build',
    writeBundle: {
      order: 'post',
      sequential: true,
      async handler({ dir }) {
        if (dir) await writeOfflineWorker(dir)
      },
    },
  }
}
