import { describe, expect, it } from 'vitest'
import { readDropped } from './read-dropped.ts'

const fileEntry = (name: string) => ({
  name,
  isDirectory: false,
  file: (done: (file: File) => void) => done(new File(['x'], name)),
})

/** What the browser names but will not open: no rights, or gone since. */
const unreadableEntry = (name: string, isDirectory = false) => ({
  name,
  isDirectory,
  file: (_done: unknown, fail: (error: Error) => void) => fail(new DOMException('gone', 'NotReadableError')),
  createReader: () => ({
    readEntries: (_done: unknown, fail: (error: Error) => void) =>
      fail(new DOMException('no', 'NotReadableError')),
  }),
})

/** A folder that hands out its entries two at a time, as a browser does by hundreds. */
const folderEntry = (name: string, entries: { name: string }[]) => ({
  name,
  isDirectory: true,
  createReader() {
    let at = 0
    return {
      readEntries(done: (batch: unknown[]) => void) {
        done(entries.slice(at, at + 2))
        at += 2
      },
    }
  },
})

const item = (entry: unknown, file: File | null = null) => ({
  kind: 'file',
  webkitGetAsEntry: () => entry,
  getAsFile: () => file,
})
const drop = (...items: unknown[]) => ({ items }) as unknown as DataTransfer

describe('reading a drop', () => {
  it('takes files as they are, also where the browser has no entry for them', async () => {
    const files = await readDropped(
      drop(item(null, new File(['a'], 'a.txt')), item(null, new File([], 'b.txt'))),
    )
    expect(files.map(({ name }) => name)).toEqual(['a.txt', 'b.txt'])
  })

  it('opens folders in folders to their last entry and leaves hidden files out', async () => {
    const inner = folderEntry('inner', [fileEntry('d'), fileEntry('e'), fileEntry('f')])
    const outer = folderEntry('outer', [fileEntry('a'), fileEntry('.hidden'), fileEntry('b'), inner])
    const files = await readDropped(drop(item(outer)))
    expect(files.map(({ name }) => name)).toEqual(['a', 'b', 'd', 'e', 'f'])
  })

  it('keeps the rest of a folder where something cannot be read, and hands that on as an empty file', async () => {
    const inner = folderEntry('inner', [fileEntry('b'), unreadableEntry('locked')])
    const outer = folderEntry('outer', [
      unreadableEntry('gone.txt'),
      inner,
      unreadableEntry('shut', true),
      fileEntry('c'),
    ])
    const files = await readDropped(drop(item(outer), item(unreadableEntry('lost.txt'))))
    expect(files.map(({ name, size }) => [name, size])).toEqual([
      ['gone.txt', 0],
      ['b', 1],
      ['locked', 0],
      ['shut', 0],
      ['c', 1],
      ['lost.txt', 0],
    ])
  })

  it('says so where there is nothing to read', async () => {
    await expect(readDropped(drop(item(folderEntry('photos', []))))).rejects.toThrow(
      'The folder photos holds no files that can be read.',
    )
    await expect(readDropped(drop({ kind: 'string' }))).rejects.toThrow('holds no file')
  })
})
