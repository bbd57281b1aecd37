import type { Transport } from '@connectrpc/connect'
import { TransactionData, type TransactionKindInput } from '../../chain/bcs/index.ts'
import { AccountClient } from '../account-client.ts'
import { networkSecret } from '../core/genesis.ts'
import type { PracticeNetwork } from '../core/network.ts'

/** A player asks the faucet below this, shannons. */
const POOR = 500_000_000n

/** What a transaction came to. */
export interface Act {
  readonly success: boolean
  /** The failure in the network's words; empty on success. */
  readonly error: string
}

/** An account of the world itself: its key follows from the world's seed and its name. */
export class Player {
  readonly name: string
  readonly client: AccountClient
  readonly #network: PracticeNetwork

  constructor(network: PracticeNetwork, transport: Transport, name: string) {
    this.name = name
    this.#network = network
    this.client = new AccountClient(transport, networkSecret(network.seed, `player ${name}`))
  }

  get address(): string {
    return this.client.address
  }

  /** Signs and sends one transaction. All coins pay its gas, so that they become one. */
  async act(kind: (coin: CoinRef) => TransactionKindInput): Promise<Act> {
    if (this.#network.balance(this.address) < POOR) this.#network.faucet(this.address)
    const coins = await this.client.coins()
    const gasPayment = coins.map(({ objectId, version, digest }) => ({ objectId, version, digest }))
    const bytes = TransactionData.serialize({
      kind: kind(gasPayment[0]!),
      sender: this.address,
      gasPayment,
    }).toBytes()
    const { effects } = await this.client.submit(TransactionData.parse(bytes))
    const status = effects?.status
    return { success: status?.success === true, error: status?.error?.description ?? '' }
  }
}

type CoinRef = { objectId: string; version: bigint; digest: Uint8Array }
