import { expect, it } from 'vitest'
import { customNetwork, localnet, practiceNetwork, testnet } from '../chain/networks.ts'
import { verifySignature } from '../chain/signature.ts'
import { memoryStore } from '../lib/key-value-store.ts'
import { generateKey } from './ed25519-key.ts'
import { importPracticeAccount, openPracticeAccount, resetPracticeAccount } from './practice-account.ts'

const bytes = Uint8Array.of(1, 2, 3)

it('is made on first use and found again', () => {
  const store = memoryStore()
  const first = openPracticeAccount(store)
  expect(openPracticeAccount(store).address).toBe(first.address)
  resetPracticeAccount(store)
  expect(openPracticeAccount(store).address).not.toBe(first.address)
})

it('signs for the practice network and for no other', async () => {
  const account = openPracticeAccount(memoryStore())
  const signature = await account.sign(bytes, practiceNetwork)
  expect(verifySignature(bytes, signature, account.address)).toBe(true)
  for (const network of [localnet, testnet, customNetwork('practice', 'Practice', {})]) {
    await expect(account.sign(bytes, network)).rejects.toMatchObject({ code: 'refused' })
  }
})

it('exports and imports', () => {
  const store = memoryStore()
  const key = generateKey()
  const account = importPracticeAccount(store, key.export())
  expect(account.address).toBe(key.address)
  expect(openPracticeAccount(store).exportKey()).toBe(key.export())
  expect(() => importPracticeAccount(store, 'somaprivkey1nonsense')).toThrow(/not a secret key/)
  expect(openPracticeAccount(store).address).toBe(key.address)
})

it('does not replace a stored account that it cannot read', () => {
  const store = memoryStore()
  store.set('practice-account', 'damaged')
  expect(() => openPracticeAccount(store)).toThrow(/cannot be read/)
  expect(store.get('practice-account')).toBe('damaged')
})
