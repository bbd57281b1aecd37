import { expect, it } from 'vitest'
import { memorySource } from '../../data/memory-source.ts'
import { openCorpus } from '../../data/open-corpus.ts'
import { checkSplit } from './check-split.ts'

it('lets a run go on with the split it began with, and refuses another in words that say what is kept', async () => {
  const source = memorySource('a', new TextEncoder().encode('a line of text\n'.repeat(2000)))
  const open = async (validationShare: number) =>
    (await openCorpus([{ name: 'a', origin: 'file', source }], { sequence: 128, validationShare })).summary
  const [began, now] = [await open(0.05), await open(0.2)]
  expect(() => checkSplit(began, { ...began })).not.toThrow()
  expect(() => checkSplit(began, now)).toThrow(/cannot go on.*checkpoints are kept/)

  // A record from before splits were stored: what it counted decides.
  const { split: _, ...old } = began
  expect(() => checkSplit(old, began)).not.toThrow()
  expect(() => checkSplit(old, now)).toThrow(/divided its data/)
  expect(() => checkSplit({ ...old, trainBytes: 28_000, validationBytes: 2000 }, began)).toThrow()
})
