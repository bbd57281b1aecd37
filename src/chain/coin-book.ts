import { delay } from '../lib/abort.ts'
import type { ChainClient } from './chain-client.ts'
import type { EffectsView } from './effects-view.ts'
import type { SomaId } from './ids.ts'
import { type CoinView, coinOf } from './object-view.ts'
import { decodeTransaction } from './transaction/build-transaction.ts'
import { richestFirst } from './transaction/choose-gas.ts'

interface Written {
  /** Null: the coin is gone. */
  readonly coin: { readonly ref: CoinView['ref']; readonly balance: bigint | null } | null
  readonly version: bigint
  /** Milliseconds. */
  readonly since: number
}

/** By then a list has caught up, or another client has changed the coin again. */
const KEEP_MS = 10_000

/**
 * A client whose `coins` are right at once after its own transactions. A node's list lags until the next checkpoint;
 * the effects of an execution say which coins are gone and which references the others have now.
 */
export function rememberCoins(client: ChainClient, now: () => number = Date.now): ChainClient {
  /** By owner, then by coin: what effects said and the list does not show yet. */
  const written = new Map<SomaId, Map<SomaId, Written>>()
  /** The coins as last read or computed, by owner: a coin's new balance follows from them. */
  const known = new Map<SomaId, readonly CoinView[]>()

  async function current(owner: SomaId, signal?: AbortSignal): Promise<CoinView[]> {
    const listed = await client.coins(owner, signal)
    const news = written.get(owner)
    if (news === undefined) return listed
    const versions = new Map(listed.map(({ ref }) => [ref.objectId, ref.version]))
    const shown = listed.filter(({ ref }) => {
      const change = news.get(ref.objectId)
      return change === undefined || ref.version >= change.version
    })
    for (const [id, { coin, version, since }] of news) {
      const listedVersion = versions.get(id)
      // The list has caught up: with a coin when it shows this version, with a loss when it shows nothing.
      const isShown = coin === null ? listedVersion === undefined : (listedVersion ?? -1n) >= version
      if (isShown || now() - since > KEEP_MS) news.delete(id)
      else if (coin !== null) {
        const found = await resolved(coin, signal)
        if (found !== null) shown.push(found)
      }
    }
    if (news.size === 0) written.delete(owner)
    return richestFirst(shown)
  }

  /** The coin, read by id where its balance does not follow; null where the node is still behind. */
  async function resolved(
    { ref, balance }: NonNullable<Written['coin']>,
    signal?: AbortSignal,
  ): Promise<CoinView | null> {
    if (balance !== null) return { ref, balance }
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (attempt > 0) await delay(200, signal)
      const coin = coinOf(await client.object(ref.objectId, signal))
      if (coin.ref.version >= ref.version) return coin
    }
    return null
  }

  function record(sender: SomaId, effects: EffectsView): void {
    const before = known.get(sender) ?? []
    const since = now()
    const news = written.get(sender) ?? new Map<SomaId, Written>()
    const version = effects.changes.find(({ ref }) => ref !== null)?.ref?.version ?? 0n
    const mine = effects.changes.filter(
      ({ ref, owner, objectType }) => ref !== null && owner === sender && objectType === 'Coin',
    )
    for (const { objectId, ref } of effects.changes) {
      if (ref === null) news.set(objectId, { coin: null, version, since })
    }
    for (const { ref } of mine) {
      const balance = mine.length === 1 ? balanceAfter(before, effects, sender) : null
      news.set(ref!.objectId, { coin: { ref: ref!, balance }, version: ref!.version, since })
    }
    // A coin that was given away as a whole.
    for (const { objectId, ref, owner } of effects.changes) {
      if (ref !== null && owner !== sender && before.some((coin) => coin.ref.objectId === objectId)) {
        news.set(objectId, { coin: null, version: ref.version, since })
      }
    }
    if (news.size > 0) written.set(sender, news)
  }

  return {
    ...client,
    async coins(owner, signal) {
      const coins = await current(owner, signal)
      known.set(owner, coins)
      return coins
    },
    async execute(bytes, signature, signal) {
      const effects = await client.execute(bytes, signature, signal)
      record(decodeTransaction(bytes).sender, effects)
      return effects
    },
  }
}

/** Balance of the one coin that a transaction leaves of those it touched; null where one of them is unknown. */
function balanceAfter(before: readonly CoinView[], effects: EffectsView, sender: SomaId): bigint | null {
  let held = 0n
  for (const { objectId, operation, objectType } of effects.changes) {
    if (objectType !== 'Coin' || operation === 'created') continue
    const coin = before.find(({ ref }) => ref.objectId === objectId)
    if (coin === undefined) return null
    held += coin.balance
  }
  return held + (effects.balanceChanges.get(sender) ?? 0n)
}
