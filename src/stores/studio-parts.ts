import type { BridgeClient } from '../chain/bridge-client.ts'
import type { ChainClient } from '../chain/chain-client.ts'
import type { Signer } from '../chain/signer.ts'
import type { KeyValueStore } from '../lib/key-value-store.ts'
import type { Vault } from '../weights/vault.ts'
import type { TargetArchive } from '../worker/downloads/target-archive.ts'
import type { Downloads, HostedOptions } from '../worker/downloads-client.ts'
import type { HostedFile } from '../worker/downloads-protocol.ts'
import type { PracticeClient } from '../worker/practice-client.ts'
import type { TrainerClient } from '../worker/trainer-client.ts'
import type { Stores } from './studio.ts'

/** What the actions are made of; each part has a fake in tests. */
export interface StudioParts {
  readonly stores: Stores
  readonly trainer: TrainerClient
  readonly practice: PracticeClient
  /** Asks whichever network is in use. */
  readonly chain: ChainClient
  /** From now on `chain` asks this client; null: the practice network. */
  readonly switchChain: (client: ChainClient | null) => void
  /** Faucet and admin of other networks than the practice network. */
  readonly bridge: BridgeClient
  readonly storage: KeyValueStore
  readonly vault: () => Promise<Vault>
  /** Filled targets and data that were kept. */
  readonly archive: () => Promise<TargetArchive>
  /** The account in use on the current network. Throws 'refused' where there is none. */
  readonly wallet: () => Signer
  /** Reads a hosted file back by its URL alone; practice URLs are asked of the practice host. */
  readonly digestUrl: Downloads['digestUrl']
  /** Reads what a registry names, from any place that has it, verified. */
  readonly readHosted: (file: HostedFile, options?: HostedOptions) => Promise<Blob>
  /** Decrypts a model of the network to a file of the vault. */
  readonly saveWeights: Downloads['saveWeights']
  /** URL of a file that ships with the studio. */
  readonly assetUrl: (path: string) => string
  readonly now: () => number
}
