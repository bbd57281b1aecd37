import { blake2b256 } from '../../src/lib/blake2b.ts'
import { toHex } from '../../src/lib/hex.ts'
import { AccountClient, type AccountModel } from '../../src/practice/account-client.ts'
import { blobUrl } from '../../src/practice/blob-store.ts'
import { PracticeNetwork } from '../../src/practice/core/network.ts'
import { createPracticeTransport } from '../../src/practice/transport.ts'

// A small network for tests of the servers around it; the product never imports this file.

/** A network of dimension 16 with one active model that is hosted at `url`, and its hundred targets. */
export async function createTestNetwork(weights: Uint8Array, key: Uint8Array, url?: string) {
  let time = 1_800_000_000_000
  const network = PracticeNetwork.genesis({ seed: 'server', dim: 16 }, () => (time += 1000))
  const owner = new AccountClient(
    createPracticeTransport(() => network),
    new Uint8Array(32).fill(1),
  )
  network.faucet(owner.address)
  network.faucet(owner.address)
  const checksum = await blake2b256(weights)
  const hosted = { url: url ?? blobUrl(toHex(checksum)), checksum, size: BigInt(weights.length) }
  const embedding = Float32Array.from({ length: 16 }, (_, index) => index + 1)
  const model: AccountModel = { id: await owner.create(), key, embedding }
  await owner.commit(model, hosted)
  network.advanceEpoch()
  await owner.succeed(owner.reveal(model))
  network.advanceEpoch()
  return { network, owner, model, hosted }
}
