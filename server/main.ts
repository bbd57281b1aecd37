import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { serve } from './serve.ts'

const usage = `Usage: npm start -- [--port N] [--no-open] [--host ADDRESS] [--connect URL]
  --port N        port to listen on (4173; the next free one where it is taken)
  --no-open       do not open a browser window
  --host ADDRESS  address to bind (127.0.0.1)
  --connect URL   host of a custom network that the page may reach over http; repeatable`

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '' },
        'no-open': { type: 'boolean', default: false },
        host: { type: 'string', default: '127.0.0.1' },
        connect: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) {
      console.log(usage)
      process.exit(0)
    }
    const port = values.port === '' ? undefined : Number(values.port)
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535)) {
      throw new Error(`--port ${values.port} is not a port number.`)
    }
    const connectHosts = values.connect.map((text) => new URL(text).origin)
    return { port, open: !values['no-open'], host: values.host, connectHosts }
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage}`)
    process.exit(2)
  }
}

async function listen(options: ReturnType<typeof readOptions>) {
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

const options = readOptions()
const server = await listen(options)
const address = server.address()
const port = typeof address === 'object' && address ? address.port : options.port
const url = `http://${options.host === '127.0.0.1' ? 'localhost' : options.host}:${port}/`
console.log(`SOMA Studio: ${url}`)
if (options.open) openBrowser(url)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    server.close()
    server.closeAllConnections()
    process.exit(0)
  })
}
