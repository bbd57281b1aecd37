import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { addressOf, readOptions, type StudioServerOptions, usage } from './options.ts'
import { serve } from './serve.ts'

function optionsOrExit(): StudioServerOptions {
  try {
    const options = readOptions(process.argv.slice(2))
    if (!options.help) return options
    console.log(usage)
    process.exit(0)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`)
    process.exit(2)
  }
}

async function listen(options: StudioServerOptions) {
  const folder = fileURLToPath(new URL('../dist', import.meta.url))
  const first = options.port ?? 4173
  // A port that the user chose is taken at their word; the default one moves on to a free neighbour.
  const last = options.port === undefined ? first + 20 : first
  for (let port = first; ; port++) {
    try {
      return await serve({ folder, port, host: options.host, connectHosts: options.connectHosts })
    } catch (error) {
      const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!taken || port >= last) {
        console.error(taken ? `Port ${port} is in use. Choose another with --port.` : error)
        process.exit(1)
      }
    }
  }
}

function openBrowser(url: string) {
  const hasDesktop = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']
  if (!hasDesktop || process.env['CI']) return
  const [command, args] =
    process.platform === 'darwin'
      ? ['open', [url]]
      : process.platform === 'win32'
        ? ['cmd', ['/c', 'start', '', url]]
        : ['xdg-open', [url]]
  // The URL is printed anyway, so a desktop without an opener is no error.
  spawn(command as string, args as string[], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
}

const options = optionsOrExit()
const server = await listen(options)
const address = server.address()
const port = typeof address === 'object' && address ? address.port : (options.port ?? 0)
const url = addressOf(options.host, port)
console.log(`SOMA Studio: ${url}`)
if (options.open) openBrowser(url)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    server.close()
    server.closeAllConnections()
    process.exit(0)
  })
}
