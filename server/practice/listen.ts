import type { Server } from 'node:net'

export interface ListeningServer {
  readonly port: number
  /** Stops listening and ends what is open. */
  close(): Promise<void>
}

/** Resolves once the server listens; a taken port rejects with a sentence. `endAll` ends open connections. */
export function listen(
  server: Server,
  port: number,
  host: string,
  endAll: () => void,
): Promise<ListeningServer> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explained(error, port, host)))
    server.listen(port, host, () => {
      const address = server.address()
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            endAll()
          }),
      })
    })
  })
}

function explained(error: NodeJS.ErrnoException, port: number, host: string): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(`Port ${port} is in use: another program, or another practice network, listens there.`)
    case 'EACCES':
      return new Error(`Port ${port} may not be opened by this user; choose one above 1023.`)
    case 'EADDRNOTAVAIL':
      return new Error(`This machine has no address ${host} to listen on.`)
    default:
      return error
  }
}
