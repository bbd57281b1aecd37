import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import sirv from 'sirv'
import { isLoopbackName } from '../bridge/loopback.ts'
import { type ListeningServer, listen } from './listen.ts'

/** A path of plain names; what begins with a dot is ours or nobody's. */
const PLAIN_PATH = /^(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/

const cors = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'content-length, content-range, accept-ranges, etag',
}

/**
 * A folder over HTTP, as a model developer's own storage would be: PUT, GET, HEAD and Range, open to pages. Only pages
 * of this machine may write, so that no site on the web fills the folder.
 */
export function serveBlobs(folder: string, port: number, host: string): Promise<ListeningServer> {
  const files = sirv(folder, {
    dev: true,
    etag: true,
    setHeaders: (response) => {
      for (const [name, value] of Object.entries(cors)) response.setHeader(name, value)
    },
  })
  const server = createServer((request, response) => {
    switch (request.method) {
      case 'GET':
      case 'HEAD':
        return files(request, response, () => end(response, 404, 'No such file.\n'))
      case 'OPTIONS':
        return void response
          .writeHead(204, {
            ...cors,
            'access-control-allow-methods': 'GET, HEAD, PUT',
            'access-control-allow-headers': 'content-type, range',
          })
          .end()
      case 'PUT':
        return void put(folder, request, response).catch((error: Error) => {
          if (!response.headersSent) end(response, 500, `The file was not kept: ${error.message}\n`)
        })
      default:
        return end(response, 405, 'Files are read with GET and written with PUT.\n')
    }
  })
  return listen(server, port, host, () => server.closeAllConnections())
}

async function put(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { origin } = request.headers
  if (origin !== undefined && !(URL.canParse(origin) && isLoopbackName(new URL(origin).hostname))) {
    return end(response, 403, 'Only pages of this machine may write here.\n')
  }
  const path = new URL(request.url ?? '/', 'http://blobs').pathname
  if (!PLAIN_PATH.test(path)) {
    return end(response, 400, 'A file name may hold letters, digits, dots, dashes and underscores.\n')
  }
  const target = join(folder, path)
  await mkdir(dirname(target), { recursive: true })
  // The file appears under its name only when it is complete.
  const partial = join(dirname(target), `.${randomUUID()}`)
  try {
    await pipeline(request, createWriteStream(partial))
    await rename(partial, target)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
  end(response, 201, '')
}

function end(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...cors, 'content-type': 'text/plain; charset=utf-8' }).end(text)
}
