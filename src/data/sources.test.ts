import { describe, expect, it } from 'vitest'
import { blobSource } from './blob-source.ts'
import { digestSource, streamSource } from './digest-source.ts'
import { memorySource } from './memory-source.ts'

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i)

describe.each([
  ['memorySource', memorySource('x', bytes)],
  ['blobSource', blobSource('x', new Blob([bytes]))],
])('%s', (_name, source) => {
  it('gives ranges', async () => {
    expect(source.size).toBe(1000)
    expect(await source.slice(10, 20)).toEqual(bytes.slice(10, 20))
    expect(await source.slice(1000, 1000)).toHaveLength(0)
  })

  it('gives copies', async () => {
    const part = await source.slice(0, 10)
    part.fill(0)
    expect(await source.slice(0, 10)).toEqual(bytes.slice(0, 10))
  })

  it('refuses ranges outside, and stops when cancelled', async () => {
    for (const [from, to] of [
      [-1, 3],
      [5, 4],
      [0, 1001],
      [0.5, 2],
    ] as const) {
      await expect(source.slice(from, to)).rejects.toMatchObject({ code: 'internal' })
    }
    await expect(source.slice(0, 1, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('streams in order, whatever the chunk', async () => {
    for (const chunk of [1, 7, 999, 1000, 5000]) {
      const parts: number[] = []
      const progress: number[] = []
      for await (const part of streamSource(source, { onProgress: (done) => progress.push(done) }, chunk)) {
        parts.push(...part)
      }
      expect(parts).toEqual([...bytes])
      expect(progress).toHaveLength(Math.ceil(1000 / chunk))
    }
    expect(await digestSource(source)).toEqual(await digestSource(memorySource('y', bytes)))
  })
})

it('a file that cannot be read any more says so', async () => {
  const gone = new Blob([bytes])
  Object.defineProperty(gone, 'slice', {
    value: () => ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')) }),
  })
  await expect(blobSource('notes.txt', gone).slice(0, 5)).rejects.toMatchObject({
    code: 'bad-input',
    message: 'notes.txt cannot be read: it has changed or is gone, or it is a folder.',
  })
})
