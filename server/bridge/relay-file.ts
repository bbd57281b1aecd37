import type { IncomingMessage, ServerResponse } from 'node:http'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { normaliseId } from '../../src/chain/ids.ts'
import { isLocal } from './configured-hosts.ts'
import type { BridgeLimits } from './create-bridge.ts'
import { type FileKind, findManifest } from './find-manifest.ts'
import { openDownload, type Resolve } from './open-download.ts'
import { isLoopbackAddress, isPublicAddress } from './public-address.ts'
import { Refusal } from './refusal.ts'

/**
 * Streams the file that a network's registry names. Public addresses only, and this machine's for a localnet's files;
 * never more bytes than the registry says. The page checks the checksum, as with any other host.
 */
export async function relayFile(
  request: IncomingMessage,
  response: ServerResponse,
  { rpc, kind, id }: { readonly rpc: string; readonly kind: FileKind; readonly id: string },
  limits: BridgeLimits,
  resolve?: Resolve,
): Promise<void> {
  const range = request.headers.range
  if (range !== undefined && !/^bytes=\d+-\d*$/.test(range)) {
    throw new Refusal(400, 'bad-input', 'The bridge takes one range of bytes from a start.')
  }
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const signal = AbortSignal.any([gone.signal, AbortSignal.timeout(limits.fileMs)])
  const { url, size } = await findManifest(rpc, kind, normaliseId(id), signal)
  if (size > limits.fileBytes) {
    throw new Refusal(
      413,
      'refused',
      `The file has ${size} bytes, and the bridge passes on ${limits.fileBytes} at most.`,
    )
  }
  const file = await openDownload(url, {
    allows: addressesFor(rpc),
    idleMs: limits.idleMs,
    signal,
    ...(range === undefined ? {} : { range }),
    ...(resolve === undefined ? {} : { resolve }),
  })
  const { statusCode = 0, headers } = file
  if (statusCode === 416) {
    // The page asked for what lies behind the end: it begins anew.
    file.destroy()
    response
      .writeHead(416, { 'cache-control': 'no-store', 'cross-origin-resource-policy': 'same-origin' })
      .end()
    return
  }
  if (statusCode !== 200 && statusCode !== 206) {
    file.destroy()
    throw new Refusal(502, 'network', `The host of the file answered HTTP ${statusCode}.`)
  }
  const length = headers['content-length']
  if (length !== undefined && BigInt(length) > size) {
    file.destroy()
    throw new Refusal(502, 'corrupt', `The host has ${length} bytes where the registry names ${size}.`)
  }
  const contentRange = headers['content-range']
  response.writeHead(statusCode, {
    // Somebody else's bytes under our origin: never a page, never a script.
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
    ...(length === undefined ? {} : { 'content-length': length }),
    ...(statusCode === 206 && contentRange !== undefined ? { 'content-range': contentRange } : {}),
  })
  await pipeline(file, atMost(size), response, { signal })
}

function atMost(size: bigint): Transform {
  let left = size
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      left -= BigInt(chunk.length)
      if (left < 0n) done(new Error('The host sends more than the registry names.'))
      else done(null, chunk)
    },
  })
}

/** Where files of a network may lie: on public addresses, and a localnet's on this machine too. */
export function addressesFor(rpc: string): (address: string) => boolean {
  if (!isLocal(rpc)) return isPublicAddress
  return (address) => isPublicAddress(address) || isLoopbackAddress(address)
}
