import { blake2b256 } from '../lib/blake2b.ts'
import { toHex } from '../lib/hex.ts'
import { StudioError } from '../lib/studio-error.ts'

/** Where files that people publish on the practice network lie, by the hex of their BLAKE2b-256. */
export interface BlobStore {
  get(digest: string): Promise<Uint8Array<ArrayBuffer> | undefined>
  put(digest: string, bytes: Uint8Array): Promise<void>
  clear(): Promise<void>
}

/** Keeps blobs for the life of the thread. */
export function createMemoryBlobStore(): BlobStore {
  const blobs = new Map<string, Uint8Array<ArrayBuffer>>()
  return {
    get: async (digest) => blobs.get(digest),
    put: async (digest, bytes) => void blobs.set(digest, bytes.slice()),
    clear: async () => blobs.clear(),
  }
}

const HOST = 'https://practice.invalid/'
const BLOB_URL = /^https:\/\/practice\.invalid\/([0-9a-f]{64})$/

/** The address of a blob on the practice network. `digest` is 64 hex digits. */
export function blobUrl(digest: string): string {
  return HOST + digest
}

/** Whether an address is one of the practice host, whatever lies there. */
export function isPracticeUrl(url: string): boolean {
  return url.startsWith(HOST)
}

/** The digest in a blob's address; undefined for any other address. */
export function blobDigest(url: string): string | undefined {
  return BLOB_URL.exec(url)?.[1]
}

/** Throws 'corrupt' where the bytes are not those of the digest. */
export async function checkBlob(digest: string, bytes: Uint8Array): Promise<void> {
  const found = toHex(await blake2b256(bytes))
  if (found === digest) return
  throw new StudioError('corrupt', `The file is not the one it is said to be: its BLAKE2b-256 is ${found}.`, {
    hint: 'Load it again; if it stays, the world of the practice network is damaged.',
  })
}
