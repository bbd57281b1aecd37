import type { Plugin } from 'vite'
import { loadExchange, payload } from '../src/chain/test-exchanges.ts'
import { makeRegistryReply } from './make-registry-reply.ts'

/** Answers GetEpoch at `/node-MODELS-DIM/...` over gRPC-web with a registry of that size, beside the files of the bench. */
export function bigNode(): Plugin {
  const made = new Map<string, Buffer>()

  function reply(models: number, dim: number): Buffer {
    const key = `${models} ${dim}`
    const known = made.get(key)
    if (known) return known
    const message = makeRegistryReply(payload(loadExchange('507').response.body)!, models, dim)
    const trailer = Buffer.from('grpc-status: 0\r\n')
    const framed = Buffer.concat([head(0, message.length), message, head(0x80, trailer.length), trailer])
    made.set(key, framed)
    return framed
  }

  return {
    name: 'big-node',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const [, models, dim] = /^\/node-(\d+)-(\d+)\/.*GetEpoch$/.exec(request.url ?? '') ?? []
        if (models === undefined) return next()
        response.setHeader('content-type', 'application/grpc-web+proto')
        response.end(reply(Number(models), Number(dim)))
      })
    },
  }
}

/** Flag byte and big-endian length of a frame. */
function head(flag: number, length: number): Buffer {
  const bytes = Buffer.alloc(5)
  bytes.writeUInt8(flag, 0)
  bytes.writeUInt32BE(length, 1)
  return bytes
}
