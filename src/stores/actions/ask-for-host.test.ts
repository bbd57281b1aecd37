import { expect, test, vi } from 'vitest'
import { localnet } from '../../chain/networks.ts'
import { memoryStore } from '../../lib/key-value-store.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { createNetworkStore } from '../network-store.ts'
import { createPublishStore, type ModelDraft } from '../publish-store.ts'
import type { StudioParts } from '../studio-parts.ts'
import { askForHost } from './ask-for-host.ts'
import { createWizardPasses } from './wizard-passes.ts'

const name = `${'ab'.repeat(32)}.enc`
const draft = { place: 'localnet', weightsChecksum: 'ab'.repeat(32), weightsSize: 3 } as ModelDraft

/** A wizard that asks for a host; `hosted` is what hosts have, by address. */
function ask(storage = memoryStore()) {
  const hosted = new Map<string, Blob>()
  vi.stubGlobal('fetch', async (url: string, { method, body }: { method: string; body: Blob }) => {
    if (method !== 'PUT' || url.includes('forbidden')) return new Response(null, { status: 403 })
    hosted.set(url, body)
    return new Response(null, { status: 201 })
  })
  const stores = { network: createNetworkStore(), publish: createPublishStore() }
  stores.network.setState({ network: localnet })
  const parts = {
    stores,
    storage,
    async digestUrl(url: string) {
      const found = hosted.get(url)
      if (found) return { size: found.size, digest: new Uint8Array(32).fill(0xab) }
      throw new StudioError('network', `${url} could not be read.`)
    },
  } as unknown as StudioParts
  const passes = createWizardPasses(stores.publish, () => {})
  let url: string | undefined
  const done = passes.run('host', null, async (pass) => {
    url = await askForHost(parts, pass, draft, new Blob(['abc']))
  })
  const question = () => stores.publish.getState().wizard?.hosting
  const asked = () =>
    vi.waitFor(() => expect(question()).toMatchObject({ working: false }), { timeout: 20_000 })
  return { passes, hosted, storage, question, asked, done, url: () => url }
}

test('asks again until the file is read back from its address, and remembers the folder', async () => {
  const { passes, hosted, question, asked, done, url, storage } = ask()
  await asked()
  expect(question()?.suggested).toBe('http://127.0.0.1:9200/')
  for (const [choice, why] of [
    [{ kind: 'put', url: 'ftp://host/', readUrl: '' }, /not a web address/],
    [{ kind: 'put', url: 'https://host/x?key=1', readUrl: '' }, /what is committed is public/],
    [{ kind: 'put', url: 'https://forbidden/', readUrl: '' }, /answered 403/],
    [{ kind: 'put', url: 'https://host/in/', readUrl: 'https://host/out/' }, /out\/ab.*could not be read/],
    [{ kind: 'uploaded', url: 'https://host/short' }, /not the package/],
  ] as const) {
    hosted.set('https://host/short', new Blob(['a']))
    passes.choose(choice)
    await vi.waitFor(() => expect(question()?.fault?.message).toMatch(why), { timeout: 20_000 })
    expect(question()?.tried).toEqual(choice)
  }
  passes.choose({ kind: 'put', url: 'https://host/models/', readUrl: '' })
  await done
  expect(url()).toBe(`https://host/models/${name}`)
  expect(await hosted.get(url()!)!.text()).toBe('abc')
  const next = ask(storage)
  await next.asked()
  expect(next.question()?.suggested).toBe('https://host/models/')
})

test('an upload address with a key is not kept, and closing the wizard ends the question', async () => {
  const first = ask()
  await first.asked()
  first.hosted.set('https://host/x', new Blob(['abc']))
  first.passes.choose({ kind: 'put', url: 'https://host/x?key=secret', readUrl: 'https://host/x' })
  await first.done
  expect(first.url()).toBe('https://host/x')
  expect(first.storage.keys()).toEqual([])
  const second = ask()
  await second.asked()
  second.passes.close()
  await second.done
  expect(second.url()).toBeUndefined()
})
