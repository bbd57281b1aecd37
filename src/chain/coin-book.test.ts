import { expect, it } from 'vitest'
import type { ChainClient } from './chain-client.ts'
import { rememberCoins } from './coin-book.ts'
import type { ChangeView, EffectsView } from './effects-view.ts'
import type { CoinView } from './object-view.ts'
import { buildTransaction } from './transaction/build-transaction.ts'

const sender = `0x${'0a'.repeat(32)}`
const id = (n: number) => `0x${n.toString(16).padStart(64, '0')}`
const coin = (n: number, version: bigint, balance: bigint): CoinView => ({
  ref: { objectId: id(n), version, digest: new Uint8Array(32) },
  balance,
})
const change = (
  n: number,
  operation: ChangeView['operation'],
  version: bigint | null,
  owner = sender,
): ChangeView => ({
  objectId: id(n),
  objectType: 'Coin',
  operation,
  ref: version === null ? null : { objectId: id(n), version, digest: new Uint8Array(32) },
  owner: version === null ? null : owner,
})
const { bytes } = buildTransaction({ ClaimRewards: { targetId: id(99) } }, sender, [])

/** A node whose list shows `listed` until it is told otherwise. */
function lagging(listed: CoinView[], changes: ChangeView[], delta: bigint) {
  const node = { listed, time: 0, objects: new Map<string, CoinView>() }
  const effects = { changes, balanceChanges: new Map([[sender, delta]]) } as unknown as EffectsView
  const client: Partial<ChainClient> = {
    coins: async () => [...node.listed],
    execute: async () => effects,
    object: async (objectId) => {
      const { ref, balance } = node.objects.get(objectId)!
      const contents = new Uint8Array(8)
      new DataView(contents.buffer).setBigUint64(0, balance, true)
      return { ref, contents, objectType: 'Coin', owner: sender }
    },
  }
  return { node, client: rememberCoins(client as ChainClient, () => node.time) }
}
const shown = (coins: CoinView[]) =>
  coins.map(({ ref, balance }) => [Number(BigInt(ref.objectId)), Number(ref.version), Number(balance)])

it('knows references and balance from effects before the list does', async () => {
  const { node, client } = lagging(
    [coin(1, 4n, 100n), coin(2, 5n, 50n), coin(3, 1n, 7n)],
    [change(1, 'changed', 6n), change(2, 'deleted', null)],
    -30n,
  )
  await client.coins(sender)
  await client.execute(bytes, new Uint8Array(97))
  expect(shown(await client.coins(sender))).toEqual([
    [1, 6, 120],
    [3, 1, 7],
  ])
  // The list catches up, then another client spends the coin: the list is right again.
  node.listed = [coin(1, 6n, 120n), coin(3, 1n, 7n)]
  await client.coins(sender)
  node.listed = [coin(3, 1n, 7n)]
  expect(shown(await client.coins(sender))).toEqual([[3, 1, 7]])
})

it('reads coins whose balance does not follow by id', async () => {
  const { node, client } = lagging(
    [coin(1, 4n, 100n)],
    [change(1, 'changed', 6n), change(8, 'created', 6n)],
    -10n,
  )
  node.objects.set(id(1), coin(1, 6n, 60n)).set(id(8), coin(8, 6n, 30n))
  await client.coins(sender)
  await client.execute(bytes, new Uint8Array(97))
  expect(shown(await client.coins(sender))).toEqual([
    [1, 6, 60],
    [8, 6, 30],
  ])
})

it('drops a coin that was given away, and forgets after a while', async () => {
  const { node, client } = lagging(
    [coin(1, 4n, 100n), coin(2, 4n, 9n)],
    [change(1, 'changed', 6n), change(2, 'changed', 6n, id(77))],
    -12n,
  )
  await client.coins(sender)
  await client.execute(bytes, new Uint8Array(97))
  expect(shown(await client.coins(sender))).toEqual([[1, 6, 97]])
  node.time = 10_001
  await client.coins(sender)
  expect(shown(await client.coins(sender))).toEqual([
    [1, 4, 100],
    [2, 4, 9],
  ])
})
