import { expect, it } from 'vitest'
import type { CoinView } from '../object-view.ts'
import { chooseGas } from './choose-gas.ts'

const coin = (byte: string, balance: bigint): CoinView => ({
  ref: { objectId: `0x${byte.repeat(32)}`, version: 1n, digest: new Uint8Array(32) },
  balance,
})
const coins = [coin('01', 5n), coin('02', 9n), coin('03', 7n)]
const ids = (chosen: readonly CoinView[]) => chosen.map(({ ref }) => ref.objectId.slice(-2))

it('draws one that suffices alone, of the richest eight', () => {
  const drawn = (random: number) => ids(chooseGas(coins, 6n, { random: () => random }))
  expect([drawn(0), drawn(0.99)]).toEqual([['02'], ['03']])
  const many = Array.from({ length: 20 }, (_, i) => coin(`${i + 10}`, BigInt(i + 1)))
  const last = chooseGas(many, 1n, { random: () => 0.999 })
  expect(last[0]!.balance).toBe(13n)
})

it('merges the fewest coins, richest first, where none suffices alone', () => {
  expect(ids(chooseGas(coins, 8n))).toEqual(['02'])
  expect(ids(chooseGas(coins, 10n))).toEqual(['02', '03'])
  expect(ids(chooseGas(coins, 21n))).toEqual(['02', '03', '01'])
})

it('spares coins that the transaction uses otherwise', () => {
  const inputs = new Set([`0x${'02'.repeat(32)}`])
  expect(ids(chooseGas(coins, 6n, { inputs }))).toEqual(['03'])
  expect(ids(chooseGas([coins[1]!], 6n, { inputs }))).toEqual(['02'])
})

it('says what is missing', () => {
  expect(() => chooseGas(coins, 22n)).toThrow(/holds 0\.000000021 SOMA; the transaction needs 0\.000000022/)
  expect(() => chooseGas([], 1n)).toThrow(/no coins/)
})
