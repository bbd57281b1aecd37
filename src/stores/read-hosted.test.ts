import { expect, test } from 'vitest'
import { localnet, practiceNetwork } from '../chain/networks.ts'
import { StudioError } from '../lib/studio-error.ts'
import { verifyBlob } from '../worker/trainer/verify-blob.ts'
import { type FetchOptions, type HostedFile, readHosted } from './read-hosted.ts'

const sound = new Blob([new Uint8Array([1, 2, 3])])
/** BLAKE2b-256 of 01 02 03, by Python's hashlib. */
const checksum = Uint8Array.from(
  Buffer.from('11c0e79b71c3976ccd0c02d1310e2516c08edc9d8b6f57ccd680d63a4d8e72da', 'hex'),
)
const id = `0x${'a'.repeat(64)}`
const file: HostedFile = { kind: 'model', id, url: 'https://owner/x', size: 3, checksum, what: 'The file' }

/** What each address answers; anything else fails as a fetch does. */
function reader(answers: Readonly<Record<string, Blob>>, network = localnet) {
  const asked: string[] = []
  const answer = async (url: string, { verify }: FetchOptions) => {
    asked.push(url)
    const found = answers[url]
    if (found) {
      await verify(found)
      return found
    }
    throw new StudioError('network', `${url} could not be read.`)
  }
  const parts = {
    network,
    fetchBlob: (url: string, _: HostedFile, options: FetchOptions) => answer(url, options),
    fetchBridged: (rpc: string, { kind, id: of }: HostedFile, options: FetchOptions) =>
      answer(`bridge ${rpc} ${kind} ${of}`, options),
    verifyBlob: async (blob: Blob, size: number, sum: Uint8Array, what: string) => {
      await verifyBlob({ kind: 'verify', data: blob, size, checksum: sum, what })
    },
  }
  return { asked, read: () => readHosted(parts, file) }
}

test('the owner’s address first, then through the node, then the bridge; a wrong file counts as none', async () => {
  const proxy = `${localnet.urls.rpc}/model/${id}`
  const bridged = `bridge ${localnet.urls.rpc} model ${id}`
  const wrong = new Blob([new Uint8Array([1, 2, 4])])
  for (const [answers, asked] of [
    [{ [file.url]: sound }, [file.url]],
    [{ [file.url]: wrong, [proxy]: sound }, [file.url, proxy]],
    [{ [proxy]: wrong, [bridged]: sound }, [file.url, proxy, bridged]],
  ] as const) {
    const { read, asked: all } = reader(answers)
    expect(await read()).toBe(sound)
    expect(all).toEqual(asked)
  }
})

test('where nobody has it, the sentence says which step failed with what', async () => {
  await expect(reader({}).read()).rejects.toMatchObject({
    code: 'network',
    message: `The file could not be read. Its owner’s address: https://owner/x could not be read. The node: ${localnet.urls.rpc}/model/${id} could not be read. The bridge: bridge ${localnet.urls.rpc} model ${id} could not be read.`,
  })
  const { read, asked } = reader({}, practiceNetwork)
  await expect(read()).rejects.toThrow('https://owner/x could not be read.')
  expect(asked).toEqual([file.url])
})
