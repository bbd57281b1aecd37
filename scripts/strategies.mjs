// @ts-check
/**
 * `npm run strategies [-- NAME...] [--render]`: measures what each strategy is worth on the practice network's small world and
 * writes docs/strategies.md. With names only those run, and the others keep their figures; --render runs nothing. Margins and
 * confirmation take --effects=ID,ID and --seeds=N,N: only those are measured, on those seeds, and the others keep their figures.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { ensureInstalled } from './ensure-installed.mjs'
import { softwareVulkan } from './find-browser.mjs'

ensureInstalled()
const given = process.argv.slice(2)
const vulkan = softwareVulkan()
// The Vulkan loader reads its paths when a process starts, so a machine without a GPU needs another process.
if (Object.keys(vulkan).length > 0 && !given.includes('--render')) {
  const env = { ...process.env, ...vulkan }
  const again = spawnSync(process.execPath, [fileURLToPath(import.meta.url), ...given], {
    env,
    stdio: 'inherit',
  })
  process.exit(again.status ?? 1)
}

// Vite loads the sources, because shaders are imported as text; only now is it sure to be installed.
const { createServer } = await import('vite')
const server = await createServer({
  configFile: false,
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
})
const { runStrategies } = await server.ssrLoadModule('/scripts/strategies/index.ts')
/** @param {string} name */
const listed = (name) =>
  given
    .find((argument) => argument.startsWith(`--${name}=`))
    ?.slice(name.length + 3)
    .split(',')
let status = 0
try {
  await runStrategies(
    given.filter((argument) => !argument.startsWith('--')),
    { render: given.includes('--render'), effects: listed('effects'), seeds: listed('seeds')?.map(Number) },
  )
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  status = 1
}
await server.close()
process.exit(status)
