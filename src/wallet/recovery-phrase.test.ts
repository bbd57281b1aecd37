import { readFileSync } from 'node:fs'
import { hex } from '@scure/base'
import { describe, expect, it } from 'vitest'
import { keyOfSeed } from './ed25519-key.ts'
import { createPhrase, seedOfPhrase } from './recovery-phrase.ts'
import { deriveEd25519Seed } from './slip10.ts'

const url = new URL('../../test/golden/client/keys.json', import.meta.url)
const golden = JSON.parse(readFileSync(url, 'utf8'))
const abandon = golden.mnemonics[0].phrase as string

describe('phrases of the official package', () => {
  for (const { phrase, secret_hex, address } of golden.mnemonics) {
    it(address, () => {
      const seed = seedOfPhrase(phrase)
      expect(hex.encode(seed)).toBe(secret_hex)
      expect(keyOfSeed(seed).address).toBe(`0x${address}`)
    })
  }

  // Text forms in its order; it refuses upper case, which is welcome here.
  const forms: Record<string, string> = {
    'bad checksum': abandon.replace(/about$/, 'abandon'),
    'upper case': abandon.toUpperCase(),
    'two spaces': abandon.replace(' ', '  '),
    'unknown word': abandon.replace(/about$/, 'aboot'),
    '11 words': abandon.split(' ').slice(1).join(' '),
    'trailing space': `${abandon} `,
    '15 words': `${'abandon '.repeat(14)}address`,
    '18 words': `${'abandon '.repeat(17)}agent`,
    '21 words': `${'abandon '.repeat(20)}admit`,
  }
  for (const [name, text] of Object.entries(forms)) {
    it(name, () => {
      const theirs: { ok?: string } = golden.from_mnemonic[name]
      const wanted = name === 'upper case' ? golden.mnemonics[0].address : theirs.ok
      if (wanted !== undefined) expect(keyOfSeed(seedOfPhrase(text)).address).toBe(`0x${wanted}`)
      else expect(() => seedOfPhrase(text)).toThrow(/words|Word 12/)
    })
  }
})

// SLIP-0010, test vector 1 for Ed25519.
it('derives the vectors of SLIP-0010', () => {
  const seed = hex.decode('000102030405060708090a0b0c0d0e0f')
  const derive = (...path: number[]) => hex.encode(deriveEd25519Seed(seed, path))
  expect(derive()).toBe('2b4be7f19ee27bbf30c667b642d5f4aa69fd169872f8fc3059c08ebae2eb19e7')
  expect(derive(0)).toBe('68e0fe46dfb67e368c75379acec591dad19df3cde26e63b93a8e704f1dade7a3')
  expect(derive(0, 1, 2, 2, 1000000000)).toBe(
    '8f94d394a8e8fd6b1bc2f3f49f5c47e385281d5c17e65324b0f62483e37e8793',
  )
})

it('makes phrases that it reads, each a new one', () => {
  const phrase = createPhrase(24)
  expect(phrase.split(' ')).toHaveLength(24)
  expect(seedOfPhrase(phrase)).toHaveLength(32)
  expect(createPhrase(12)).not.toBe(createPhrase(12))
})

it('never repeats a word in an error', () => {
  const words = 'legal winner thank year wave sausage worth useful legal winner thank zebra'
  try {
    seedOfPhrase(words)
    expect.unreachable()
  } catch (error) {
    for (const word of ['legal', 'sausage', 'zebra']) {
      expect(JSON.stringify([String(error), error, (error as Error).stack])).not.toContain(word)
    }
  }
})
