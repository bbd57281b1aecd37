import { blake2b256 } from '../src/lib/blake2b.ts'
import type { HostedFile } from '../src/worker/downloads-protocol.ts'

/** The bytes of a file of the stand-in host. */
export function fileOf(seed: number, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size)
  for (let i = 0; i < size; i += 1) bytes[i] = Math.imul(i + seed, 2654435761) >>> 13
  return bytes
}

/** What a registry would say of it; `options`: how the host behaves. */
export async function hostedFile(
  host: string,
  seed: number,
  size: number,
  options = '',
): Promise<HostedFile> {
  const checksum = await blake2b256(fileOf(seed, size))
  const url = `${host}${seed}/${size}${options}`
  return { kind: 'data', id: `0x${seed}`, url, size, checksum, what: `File ${seed}` }
}
