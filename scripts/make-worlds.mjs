// Makes public/worlds by hand: node scripts/make-worlds.mjs [small] [practice] [--steps N] [--rebuild]
// Runs on a GPU through Dawn. Without one, point the Vulkan loader at a software adapter, for example Chromium's:
//   LD_LIBRARY_PATH=/usr/lib/chromium VK_ICD_FILENAMES=/usr/lib/chromium/vk_swiftshader_icd.json
import { createServer } from 'vite'

const names = process.argv.slice(2).filter((argument) => argument === 'small' || argument === 'practice')
const at = process.argv.indexOf('--steps')
const steps = at < 0 ? undefined : Number(process.argv[at + 1])

// Vite loads the sources, because shaders are imported as text.
const server = await createServer({
  configFile: false,
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
})
const { makeWorlds } = await server.ssrLoadModule('/scripts/make-worlds/index.ts')
await makeWorlds({
  configs: names.length > 0 ? names : ['small', 'practice'],
  rebuild: process.argv.includes('--rebuild'),
  ...(steps && { steps }),
})
await server.close()
process.exit(0)
