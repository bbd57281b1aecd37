import { expect, it } from 'vitest'
import type { ModelDraft } from './publish-store.ts'
import { readBundle } from './read-bundle.ts'
import { revealBundle } from './reveal-files.ts'

const draft = {
  purpose: 'update',
  place: 'localnet',
  placeName: 'Localnet',
  chainId: 'abc',
  name: 'calm-otter',
  config: 'small',
  modelId: `0x${'a'.repeat(64)}`,
  key: 'cd'.repeat(32),
  embedding: [Math.fround(0.1), -0, 3],
  commitEpoch: 12,
  weightsUrl: 'https://host.example/m',
  weightsChecksum: 'ab'.repeat(32),
  weightsSize: 1000,
} as unknown as ModelDraft
const here = { place: 'localnet', placeName: 'Localnet', chainId: 'abc' }

it('what one device saves another reveals, to the last bit', async () => {
  const read = await readBundle(revealBundle(draft), here, 5)
  const { place, placeName, chainId, ...kept } = draft
  expect(read).toMatchObject({ ...kept, ...here, commitDigest: '', revealDigest: null, packagePath: '' })
  expect(Object.is(read.embedding[1], -0)).toBe(true)
})

it('a bundle of another chain, a damaged one and any other file are refused', async () => {
  const bundle = revealBundle(draft)
  await expect(readBundle(bundle, { ...here, chainId: 'new' }, 0)).rejects.toMatchObject({ code: 'refused' })
  const world = { place: 'small', placeName: 'the small world', chainId: null }
  await expect(readBundle(bundle, world, 0)).rejects.toMatchObject({ code: 'refused' })
  const early = revealBundle({ ...draft, commitEpoch: null })
  expect((await readBundle(early, here, 0)).commitEpoch).toBeNull()
  const damaged = new Blob([(await bundle.text()).replace('cdcd', 'xyxy')])
  await expect(readBundle(damaged, here, 0)).rejects.toThrow(/missing or damaged/)
  await expect(readBundle(new Blob(['{}']), here, 0)).rejects.toThrow(/format/)
  await expect(readBundle(new Blob(['{']), here, 0)).rejects.toThrow(/not JSON/)
})
