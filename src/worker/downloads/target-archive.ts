import { toHex } from '../../lib/hex.ts'
import type { Vault } from '../../weights/vault.ts'
import { type KeptTarget, targetsOfJson, targetsToJson } from './target-file.ts'

/**
 * Filled targets that were seen, by network and chain, and their data by digest, in the vault: a network deletes a
 * target when somebody claims it. Manifests are always kept; data up to a budget of bytes.
 */
export interface TargetArchive {
  /** Everything kept of one chain. */
  targets(chain: ChainKey): Promise<readonly KeptTarget[]>
  /** Adds targets; nothing is written for an empty list. */
  add(chain: ChainKey, targets: readonly KeptTarget[]): Promise<void>
  /** Data that was verified when it was kept; undefined where it is not there. */
  data(digest: string): Promise<Blob | undefined>
  /** Of all data that is there. */
  digests(): Promise<ReadonlySet<string>>
  /** Keeps verified data where there is room; all but what is `wanted` makes way, nothing without it. Whether it was kept. */
  keep(digest: string, data: Blob, budget: number, wanted?: ReadonlySet<string>): Promise<boolean>
  /** Drops the oldest data until no more than `budget` bytes are kept. */
  shrink(budget: number): Promise<void>
  /** Bytes of manifests of all chains, and of data. */
  sizes(): Promise<{ readonly manifests: number; readonly data: number }>
  /** Forgets one chain's targets; data that other chains share stays until the budget needs its place. */
  forget(chain: ChainKey): Promise<void>
  clear(): Promise<void>
}

/** A network and one chain of it. */
export interface ChainKey {
  readonly place: string
  readonly chainId: string
}

const ROOT = 'archive'
const DATA = `${ROOT}/data`
const TARGETS = `${ROOT}/targets`
/** Files of one chain; a sight writes one, and opening puts many together. */
const MOST_FILES = 32

export async function openTargetArchive(vault: Vault, now: () => number): Promise<TargetArchive> {
  /** By digest; in the order in which they were kept, the oldest first. */
  const kept = new Map<string, { readonly name: string; readonly bytes: number }>()
  for (const { name } of await vault.list(DATA)) {
    const digest = name.split('-')[1]
    // Two tabs may have kept the same at once.
    if (digest && kept.has(digest)) await vault.remove(`${DATA}/${name}`)
    else if (digest) kept.set(digest, { name, bytes: await vault.sizeOf(`${DATA}/${name}`) })
  }
  const beingKept = new Set<string>()
  const dataBytes = () => [...kept.values()].reduce((sum, { bytes }) => sum + bytes, 0)

  async function drop(digest: string): Promise<void> {
    const entry = kept.get(digest)
    kept.delete(digest)
    if (entry) await vault.remove(`${DATA}/${entry.name}`)
  }

  /** Two tabs write files of different names. */
  const write = (chain: ChainKey, targets: readonly KeptTarget[]) => {
    const name = `${stamp(now())}-${Math.random().toString(36).slice(2, 10)}.json`
    return vault.writeJson(`${folderOf(chain)}/${name}`, targetsToJson(targets))
  }

  return {
    async targets(chain) {
      const folder = folderOf(chain)
      const files = await vault.list(folder)
      const byId = new Map<string, KeptTarget>()
      for (const { name } of files) {
        for (const target of targetsOfJson(await vault.readJson(`${folder}/${name}`))) {
          byId.set(target.id, target)
        }
      }
      const all = [...byId.values()]
      if (files.length > MOST_FILES) {
        await write(chain, all)
        for (const { name } of files) await vault.remove(`${folder}/${name}`)
      }
      return all
    },

    async add(chain, targets) {
      if (targets.length > 0) await write(chain, targets)
    },

    digests: async () => new Set(kept.keys()),

    async data(digest) {
      const entry = kept.get(digest)
      if (!entry) return undefined
      try {
        const file = await vault.openBlob(`${DATA}/${entry.name}`)
        // In memory: a corpus may outlive what the budget lets stay.
        return new Blob([await file.arrayBuffer()])
      } catch {
        kept.delete(digest)
        return undefined
      }
    },

    async keep(digest, data, budget, wanted) {
      if (kept.has(digest) || beingKept.has(digest)) return true
      for (const old of [...kept.keys()]) {
        if (dataBytes() + data.size <= budget) break
        if (wanted && !wanted.has(old)) await drop(old)
      }
      if (dataBytes() + data.size > budget) return false
      const name = `${stamp(now())}-${digest}`
      beingKept.add(digest)
      try {
        const bytes = new Uint8Array(await data.arrayBuffer())
        await vault.writeFile(`${DATA}/${name}`, async (writer) => writer.write(bytes))
        kept.set(digest, { name, bytes: bytes.length })
        return true
      } finally {
        beingKept.delete(digest)
      }
    },

    async shrink(budget) {
      for (const old of [...kept.keys()]) {
        if (dataBytes() <= budget) return
        await drop(old)
      }
    },

    sizes: async () => ({ manifests: await vault.sizeOf(TARGETS), data: dataBytes() }),
    forget: (chain) => vault.remove(folderOf(chain)),
    async clear() {
      kept.clear()
      await vault.remove(ROOT)
    },
  }
}

function folderOf({ place, chainId }: ChainKey): string {
  return `${TARGETS}/${safe(place)}.${safe(chainId)}`
}

/** Letters, digits, `-` and `_` stay, all else becomes its code: different names never meet. */
function safe(text: string): string {
  return text.replace(/[^A-Za-z0-9-]/g, (letter) => `_${toHex(new TextEncoder().encode(letter))}_`)
}

/** Sorts as text in the order of time. */
function stamp(ms: number): string {
  return ms.toString(36).padStart(9, '0')
}
