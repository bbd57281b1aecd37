import { expect, test } from 'vitest'
import { localnet } from '../../chain/networks.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { HostedFile } from '../downloads-protocol.ts'
import { type FetchOptions, readHosted } from './read-hosted.ts'
import { verifyBlob } from './verify-blob.ts'

const sound = new Blob([new Uint8Array([1, 2, 3])])
/** BLAKE2b-256 of 01 02 03, by Python's hashlib. */
const checksum = Uint8Array.from(
  Buffer.from('11c0e79b71c3976ccd0c02d1310e2516c08edc9d8b6f57ccd680d63a4d8e72da', 'hex'),
)
const id = `0x${'a'.repeat(64)}`
const file: HostedFile = { kind: 'model', id, url: 'https://owner/x', size: 3, checksum, what: 'The file' }

/** What each address answers; anything else fails as a fetch does. */
function reader(answers: Readonly<Record<string, Blob>>, rpc: string | null = localnet.urls.rpc!) {
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
  const places = {
    fetchUrl: (url: string, _: HostedFile, options: FetchOptions) => answer(url, options),
    fetchBridged: (node: string, { kind, id: of }: HostedFile, options: FetchOptions) =>
      answer(`bridge ${node} ${kind} ${of}`, options),
  }
  const verify = (data: Blob) => verifyBlob(data, file)
  return { asked, read: () => readHosted(places, file, rpc, { verify }) }
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
  const { read, asked } = reader({}, null)
  await expect(read()).rejects.toThrow('https://owner/x could not be read.')
  expect(asked).toEqual([file.url])
})
