// @ts-check
// Loader hook: `import text from './file?raw'` gives the file as text, as Vite does for shaders.
import { readFile } from 'node:fs/promises'

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, nextResolve) {
  if (!specifier.endsWith('?raw') || context.parentURL === undefined) return nextResolve(specifier, context)
  return { url: new URL(specifier, context.parentURL).href, shortCircuit: true }
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('?raw')) return nextLoad(url, context)
  const text = await readFile(new URL(url.slice(0, -'?raw'.length)), 'utf8')
  return { format: 'module', shortCircuit: true, source: `export default ${JSON.stringify(text)}` }
}
