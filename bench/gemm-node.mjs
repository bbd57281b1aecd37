// The GEMM table in Node through Dawn, on the machine's GPU or the adapter that VK_ICD_FILENAMES names:
//   node bench/gemm-node.mjs
import { createServer } from 'vite'
import { create, globals } from 'webgpu'

Object.assign(globalThis, globals)
// Vite loads the sources, because shaders are imported as text.
const server = await createServer({
  configFile: false,
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, watch: null, ws: false },
  optimizeDeps: { noDiscovery: true },
})
const { gemmTable } = await server.ssrLoadModule('/bench/gemm-table.ts')
await gemmTable((line) => console.log(line), create([]))
await server.close()
process.exit(0)
