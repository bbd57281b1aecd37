import { utf8ToBytes } from '@noble/hashes/utils.js'
import { TargetV1, TransactionData } from '../../src/chain/bcs/index.ts'
import { blake2b256, deriveId, transactionDigest } from '../../src/chain/digests.ts'
import { memorySource } from '../../src/data/memory-source.ts'
import { toHex } from '../../src/lib/hex.ts'
import { parameterTable } from '../../src/model/parameter-table.ts'
import { AccountClient, type AccountModel } from '../../src/practice/account-client.ts'
import { blobUrl } from '../../src/practice/blob-store.ts'
import type { PlayedSubmission } from '../../src/practice/players/play-epoch.ts'
import type { PracticeHost } from '../../src/practice/practice-host.ts'
import type { WeightsReader } from '../../src/strategies/merge/weights-reader.ts'
import { memorySink } from '../../src/weights/byte-sink.ts'
import { encryptFile } from '../../src/weights/encrypt-file.ts'
import { planSafetensors, writeSafetensors } from '../../src/weights/write-safetensors.ts'
import type { Lab } from './lab.ts'

export interface Entrant {
  readonly weights: WeightsReader
  readonly embedding: Float32Array
  /** Shannons. */
  readonly stake: bigint
}

const FAUCET_CALL = 2_000_000_000n
/** Kept for fees, shannons. */
const FEES = 100_000_000n

/** Publishes, creates, commits and reveals a model, as any account would; active in the new epoch. Returns its id. */
export async function enter(lab: Lab, host: PracticeHost, entrant: Entrant): Promise<string> {
  return (await enterAll(lab, host, [entrant]))[0]!
}

/** The same for several at once, which one account owns. */
export async function enterAll(
  lab: Lab,
  host: PracticeHost,
  entrants: readonly Entrant[],
): Promise<string[]> {
  // Keys and accounts are not random, so that the network's targets, which follow from its transactions, repeat.
  const client = new AccountClient(host.transport, blake2b256(utf8ToBytes('account of the strategies')))
  const models: AccountModel[] = []
  for (const { weights, embedding, stake } of entrants) {
    const { key, manifest } = await publish(lab, host, weights)
    for (let paid = 0n; paid < stake + FEES; paid += FAUCET_CALL) host.faucet(client.address)
    const model = { id: await create(client, stake), key, embedding }
    await client.commit(model, manifest)
    models.push(model)
  }
  host.advanceEpoch()
  for (const model of models) await client.succeed(client.reveal(model))
  host.advanceEpoch()
  return models.map(({ id }) => id)
}

/** Hosts the weights encrypted, under a key that follows from them. */
export async function publish(lab: Lab, host: PracticeHost, weights: WeightsReader) {
  const plain = memorySink()
  const plan = planSafetensors(parameterTable(lab.config))
  await writeSafetensors(plan, (name) => weights.readTensor(name), plain)
  const key = blake2b256(utf8ToBytes('key of'), plain.bytes())
  const sealed = memorySink()
  const { checksum } = await encryptFile(memorySource('weights', plain.bytes()), key, sealed)
  await host.putBlob(toHex(checksum), Uint8Array.from(sealed.bytes()))
  const manifest = { url: blobUrl(toHex(checksum)), checksum, size: BigInt(sealed.bytes().length) }
  return { key, manifest }
}

/** Creates a model of an account; all coins pay, so that a stake may be more than one of them. */
export async function create(client: AccountClient, stakeAmount: bigint): Promise<string> {
  const coins = await client.coins()
  const gasPayment = coins.map(({ objectId, version, digest }) => ({ objectId, version, digest }))
  const kind = { CreateModel: { stakeAmount, commissionRate: 1000n, architectureVersion: 1n } }
  const bytes = TransactionData.serialize({ kind, sender: client.address, gasPayment }).toBytes()
  const { effects } = await client.submit(TransactionData.parse(bytes))
  if (effects?.status?.success !== true)
    throw new Error(`CreateModel: ${effects?.status?.error?.description}`)
  return deriveId(transactionDigest(bytes), 0)
}

/** Plays epochs with the world's own submitters, each ended when they are done. */
export async function play(
  host: PracticeHost,
  options: { readonly epochs: number; readonly submissions: number },
): Promise<PlayedSubmission[]> {
  const all: PlayedSubmission[] = []
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    const { submissions } = await host.play({ submissions: options.submissions, claims: false })
    all.push(...submissions)
    host.advanceEpoch()
  }
  return all
}

/** Targets that the network makes in so many epochs, and how many of them it assigns to each model. */
export function countAssignments(host: PracticeHost, epochs: number) {
  const counts = new Map<string, number>()
  let targets = 0
  for (let played = 0; played < epochs; played += 1) {
    const epoch = host.advanceEpoch()
    for (const { contents } of host.network.objects.ofType('Target')) {
      const { generationEpoch, modelIds } = TargetV1.parse(contents)
      if (generationEpoch !== epoch) continue
      targets += 1
      for (const id of modelIds) counts.set(id, (counts.get(id) ?? 0) + 1)
    }
  }
  return { targets, of: (id: string) => counts.get(id) ?? 0 }
}
