import type { SomaId } from '../../chain/ids.ts'
import { coinContents, type StoredObject, storeObject } from './object-store.ts'

const MOCK_GAS_ID: SomaId = `0x${'f'.repeat(64)}`
const MOCK_GAS_BALANCE = 10n ** 18n

/** The coin that a node pretends an address has when it simulates for one without coins. */
export function mockGas(owner: SomaId): StoredObject {
  return storeObject({
    objectId: MOCK_GAS_ID,
    objectType: 'Coin',
    version: 0n,
    contents: coinContents(MOCK_GAS_BALANCE),
    owner: { AddressOwner: owner },
    previousTransaction: new Uint8Array(32),
  })
}
