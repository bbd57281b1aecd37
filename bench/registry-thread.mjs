// @ts-check
/** The browser's worker entry in a thread of Node, under a shim of its two globals. */
import { parentPort } from 'node:worker_threads'
import { register } from 'tsx/esm/api'

register()
const scope = /** @type {any} */ (globalThis)
scope.postMessage = (/** @type {unknown} */ value) => parentPort?.postMessage(value)
await import('./registry.worker.ts')
parentPort?.on('message', (data) => scope.onmessage({ data }))
parentPort?.postMessage('ready')
