import { generateMnemonic, mnemonicToSeedSync, validateMnemonic } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { StudioError } from '../lib/studio-error.ts'
import { deriveEd25519Seed } from './slip10.ts'

/** m/44'/784'/0'/0'/0': where the network's command line tools and Python package look for the first account. */
const PATH = [44, 784, 0, 0, 0]

const bitsOfLength: Readonly<Record<number, number>> = { 12: 128, 15: 160, 18: 192, 21: 224, 24: 256 }

/** A new BIP-39 phrase of 12 or 24 English words. */
export function createPhrase(words: 12 | 24): string {
  return generateMnemonic(wordlist, bitsOfLength[words])
}

/**
 * The 32-byte seed of the first account of a BIP-39 phrase without a password. Case and space do not matter. Throws
 * 'bad-input'; the error says where the fault is and never repeats a word.
 */
export function seedOfPhrase(text: string): Uint8Array {
  const words = text.normalize('NFKD').trim().toLowerCase().split(/\s+/)
  if (bitsOfLength[words.length] === undefined) {
    throw invalidPhrase(`A recovery phrase has 12, 15, 18, 21 or 24 words; this text has ${words.length}.`)
  }
  const unknown = words.findIndex((word) => !wordlist.includes(word))
  if (unknown >= 0) throw invalidPhrase(`Word ${unknown + 1} is not in the English list of BIP-39.`)
  const phrase = words.join(' ')
  if (!validateMnemonic(phrase, wordlist)) {
    throw invalidPhrase('The words do not fit together: one is wrong or two have changed places.')
  }
  const root = mnemonicToSeedSync(phrase)
  const seed = deriveEd25519Seed(root, PATH)
  root.fill(0)
  return seed
}

function invalidPhrase(message: string): StudioError {
  return new StudioError('bad-input', message, {
    hint: 'Compare it with your copy, word by word. Nothing was stored.',
  })
}
