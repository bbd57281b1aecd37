import { existsSync, readFileSync } from 'node:fs'
import { afterEach, expect, it, vi } from 'vitest'
import { blobSource } from './blob-source.ts'
import { fetchBundledCorpus } from './bundled-corpus.ts'
import { openCorpus } from './open-corpus.ts'

const root = new URL('../../public/', import.meta.url)

/** Serves the files of public/ under an address with a base path. */
function serve(): void {
  vi.stubGlobal('fetch', async (url: URL) => {
    const file = new URL(url.pathname.replace('/studio/', './'), root)
    return existsSync(file) ? new Response(readFileSync(file)) : new Response('', { status: 404 })
  })
}
afterEach(() => vi.unstubAllGlobals())

it('is at most 1 MB of plain text that splits into documents, with its source stated', async () => {
  serve()
  const texts = await fetchBundledCorpus('https://example.org/studio/')
  const inputs = texts.map(({ name, origin, data }) => ({ name, origin, source: blobSource(name, data) }))
  const { summary } = await openCorpus(inputs, { sequence: 128 })
  expect(summary.warnings).toEqual([])
  expect(summary.bytes).toBeLessThanOrEqual(1_000_000)
  expect(summary.validationBytes / summary.bytes).toBeGreaterThan(0.04)
  expect(summary.validationBytes / summary.bytes).toBeLessThan(0.06)
  for (const { data } of texts) expect(await data.text()).toMatch(/^[\x20-\x7e\n]+$/)
  expect(existsSync(new URL('corpus/SOURCE.md', root))).toBe(true)
})

it('says which volume could not be loaded', async () => {
  serve()
  await expect(fetchBundledCorpus('https://example.org/elsewhere/')).rejects.toMatchObject({
    code: 'network',
    message: 'The bundled text almanac-1.txt could not be loaded.',
  })
})
