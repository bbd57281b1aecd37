// @ts-check
// Entry of the scorer's thread: a thread does not inherit TypeScript's loader, so it registers its own.
import { register } from 'node:module'
import { register as registerTypeScript } from 'tsx/esm/api'

registerTypeScript()
register('./text-imports.mjs', import.meta.url)
await import('./run-scorer.ts')
