// @ts-check
/** The bench in Node, of the configs given as arguments. Exit code 3: Dawn finds no adapter. */
import { createServer } from 'vite'

// Vite loads the sources, because shaders are imported as text.
const server = await createServer({
  configFile: false,
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
})
const { benchInNode } = await server.ssrLoadModule('/bench/node.ts')
const measured = await benchInNode(process.argv.slice(2))
await server.close()
process.exit(measured ? 0 : 3)
