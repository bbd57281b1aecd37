import type { TransactionKindInput } from '../chain/bcs/transaction.ts'
import type { Network, NetworkUrls } from '../chain/networks.ts'
import type { TransactionPlan } from '../chain/transaction/plan.ts'
import type { SubmittedTransaction } from '../chain/transaction/submit-transaction.ts'
import type { Recipe } from '../train/recipe.ts'
import type { ExportedKey } from '../wallet/ed25519-key.ts'
import type { Speed } from '../worker/practice-protocol.ts'
import type { KeepCheckpoints, MemoryPlanReport, RunHistory } from '../worker/protocol.ts'
import type { TrainOptions } from './actions/run-actions.ts'
import type { CheckBytes } from './actions/signing-actions.ts'
import type { StrategyActions } from './actions/strategies/index.ts'
import type { SubmissionOptions } from './actions/submission-actions.ts'
import type { AccountSource } from './actions/wallet-actions.ts'
import type { createActivityStore } from './activity-store.ts'
import type { createArchiveStore } from './archive-store.ts'
import type { createBenchmarkStore, createSelfCheckStore } from './benchmark-store.ts'
import type { HostChoice } from './blob-host.ts'
import type { createCorpusStore } from './corpus-store.ts'
import type { createDeviceStore } from './device-store.ts'
import type { Place } from './draft-place.ts'
import type { createMeasuredStore } from './measured-store.ts'
import type { createNetworkStore, WorldName } from './network-store.ts'
import type { createNetworksStore } from './networks-store.ts'
import type { createOfflineCopyStore } from './offline-copy-store.ts'
import type { createPublishStore } from './publish-store.ts'
import type { createRoundsStore } from './rounds-store.ts'
import type { createRunStore } from './run-store.ts'
import type { createRunsStore } from './runs-store.ts'
import type { createSetupStore, StartChoice } from './setup-store.ts'
import type { createSigningStore } from './signing-store.ts'
import type { createStrategyStore } from './strategy-store.ts'
import type { createTuningStore } from './tuning-store.ts'
import type { createViewStore } from './view-store.ts'
import type { createWalletStore } from './wallet-store.ts'

export interface Stores {
  readonly device: ReturnType<typeof createDeviceStore>
  readonly corpus: ReturnType<typeof createCorpusStore>
  readonly setup: ReturnType<typeof createSetupStore>
  readonly run: ReturnType<typeof createRunStore>
  readonly runs: ReturnType<typeof createRunsStore>
  readonly network: ReturnType<typeof createNetworkStore>
  readonly networks: ReturnType<typeof createNetworksStore>
  readonly activity: ReturnType<typeof createActivityStore>
  readonly archive: ReturnType<typeof createArchiveStore>
  readonly wallet: ReturnType<typeof createWalletStore>
  readonly publish: ReturnType<typeof createPublishStore>
  readonly signing: ReturnType<typeof createSigningStore>
  readonly view: ReturnType<typeof createViewStore>
  readonly benchmark: ReturnType<typeof createBenchmarkStore>
  readonly selfCheck: ReturnType<typeof createSelfCheckStore>
  readonly strategy: ReturnType<typeof createStrategyStore>
  readonly tuning: ReturnType<typeof createTuningStore>
  readonly rounds: ReturnType<typeof createRoundsStore>
  readonly measured: ReturnType<typeof createMeasuredStore>
  readonly offlineCopy: ReturnType<typeof createOfflineCopyStore>
}

/**
 * All that a screen can ask for. Actions report progress and failure through the stores; those that return
 * a promise resolve when done and never reject for a failure that a store already shows.
 */
export interface Actions extends StrategyActions {
  /** Replaces the corpus by dropped files; a refusal leaves the corpus as it was. */
  takeFiles(files: readonly File[]): Promise<void>
  takeBundledCorpus(): Promise<void>
  /** Takes the copy of its data that a run of this device keeps. */
  takeRunData(runId: string): Promise<void>

  editRecipe(change: Partial<Recipe>): void
  /** Picks the config, its default recipe and the practice world that belongs to it. */
  chooseConfig(config: Recipe['config']): Promise<void>
  chooseStart(start: StartChoice): void

  /** Compares the engine that trains with the oracle on this device; rejects like `benchmark`. */
  selfCheck(): Promise<void>
  cancelSelfCheck(): Promise<void>
  /** Measures this device; the result goes to the store. Rejects with a StudioError, 'cancelled' included. */
  benchmark(): Promise<void>
  cancelBenchmark(): Promise<void>
  /** Chooses the kernels of the recipe by measuring; the result goes to the store. Rejects like `benchmark`. */
  tune(): Promise<void>
  cancelTuning(): Promise<void>
  /** Whether runs that start from now on multiply f16 operands where the device has them. */
  setHalf(half: boolean): void
  /** What each memory plan takes for this recipe, exactly; empty without WebGPU. */
  memoryPlans(recipe: Recipe): Promise<readonly MemoryPlanReport[]>

  train(options?: TrainOptions): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  /** One optimizer step, then paused. */
  stepOnce(): Promise<void>
  /** Ends the run and keeps a checkpoint of where it stood. */
  stop(): Promise<void>
  save(): Promise<void>
  /** Gives up what is being prepared: data that is read, weights that are fetched. */
  cancel(): Promise<void>
  sample(prompt: string): Promise<void>
  /** Continues a run of the vault from its last checkpoint; with the kernels that were tuned last if asked for. */
  resumeRun(runId: string, moreSteps?: number, retune?: boolean, keep?: KeepCheckpoints): Promise<void>
  /** A run's curve up to its last checkpoint and what strategies found out; rejects with a StudioError. */
  runHistory(runId: string): Promise<RunHistory>
  deleteRun(runId: string): Promise<void>
  dismissResumable(): void
  /** After a crash: a fresh worker. */
  restartTrainer(): Promise<void>

  refreshNetwork(): Promise<void>
  /** Uses another network, probes it and reads it. */
  chooseNetwork(id: string): Promise<void>
  /** Finds out again what the network in use can do. */
  probeNetwork(): Promise<void>
  /** Goes on after the page has said what the browser will ask. */
  allowLocalNetwork(): Promise<void>
  /** Other addresses for a network; rejects with a StudioError that names what is wrong. */
  saveNetwork(id: string, urls: NetworkUrls): Promise<void>
  resetNetwork(id: string): Promise<void>
  addNetwork(name: string, urls: NetworkUrls): Promise<void>
  removeNetwork(id: string): Promise<void>
  switchWorld(world: WorldName): Promise<void>
  /** Opens the world or network that a model belongs to. */
  openPlace(place: Place): Promise<void>
  advanceEpoch(): Promise<void>
  resetWorld(): Promise<void>
  setSpeed(speed: Speed): Promise<void>
  /** Whether the world's own accounts act in each epoch. */
  setPlayers(players: boolean): Promise<void>
  /** The open world as a file. */
  exportWorld(): Promise<Blob>
  /** Replaces the open world by an exported one; rejects and changes nothing where it cannot be used. */
  importWorld(file: Blob): Promise<void>
  requestGas(): Promise<void>

  /** Secret key of the practice account as Bech32 `somaprivkey1...`. */
  exportSecret(): Promise<string>
  /** Replaces the practice account. Rejects with a StudioError that names what is wrong with the text. */
  importSecret(text: string): Promise<void>
  /** On which network the accounts act; for the action that changes networks. */
  showAccountsOf(network: Network): void
  chooseAccount(address: string): Promise<void>
  /** Stores a passphrase account and uses it. Rejects with a StudioError that names what is wrong. */
  addAccount(name: string, source: AccountSource, passphrase: string): Promise<string>
  addAddress(kind: 'offline' | 'watch-only', name: string, address: string): Promise<void>
  removeAccount(address: string): Promise<void>
  /** 'refused' for a wrong passphrase. */
  unlockAccount(address: string, passphrase: string): Promise<void>
  lockAccounts(): void
  exportAccount(address: string, passphrase: string): Promise<ExportedKey>
  setAutoLock(minutes: number): void
  connectWallet(name: string): Promise<void>

  /**
   * Shows what a transaction of the account in use would do, then signs and sends it where the person agrees. Null
   * where they do not, or where it failed (the dialog says why); rejects while another signature is asked for.
   */
  transact(
    wanted: TransactionKindInput | TransactionPlan,
    check?: CheckBytes,
  ): Promise<SubmittedTransaction | null>
  /** Sends SOMA, `amount` as a decimal text; whether it was executed. */
  sendSoma(recipient: string, amount: string): Promise<boolean>
  /** Each of these shows its preview first; whether it was executed. Amounts and percentages are decimal texts. */
  addStake(modelId: string, amount: string): Promise<boolean>
  withdrawStake(stakeId: string): Promise<boolean>
  setCommission(modelId: string, percent: string): Promise<boolean>
  deactivateModel(modelId: string): Promise<boolean>
  claimReward(targetId: string): Promise<boolean>
  /** One transaction for each target, in turn, until one fails or the person stops; how many were claimed. */
  claimRewards(targetIds: readonly string[]): Promise<number>
  mergeCoins(): Promise<boolean>
  /** `address`: a folder to put the data in, ending with a slash, or where it lies already. Rejects where it does not fit. */
  submitData(targetId: string, data: Blob, address: string, options?: SubmissionOptions): Promise<boolean>
  signRequest(): void
  closeRequest(): void
  /** Answers a signer: a passphrase, or a pasted signature. */
  answerPrompt(text: string): Promise<void>
  cancelPrompt(): void

  /** From a run's last checkpoint to the review of the first transaction. */
  commit(runId: string): Promise<void>
  /** The same for an active model of this account: other weights and another embedding, in force from the reveal on. */
  updateModel(modelId: string, runId: string): Promise<void>
  /** Another embedding alone, with the weights, address and key that are registered; `note` says where it comes from. */
  updateEmbedding(modelId: string, embedding: Float32Array, note: string): Promise<void>
  /** Opens the review of the commit of a created model, or of the reveal of a pending one. */
  continueDraft(draftId: string): Promise<void>
  reveal(draftId: string): Promise<void>
  /** Signs what the review shows; goes on to the commit after a create. */
  sign(): Promise<void>
  /** Answers where the encrypted file goes, on a network that has no host of its own. */
  chooseHost(choice: HostChoice): void
  /** The encrypted file, to be uploaded by hand. */
  packageFile(draftId: string): Promise<Blob>
  closeWizard(): void
  deleteDraft(draftId: string): Promise<void>
  /** The file that reveals this model from any machine: ids, key, exact embedding, commit epoch. */
  revealBundle(draftId: string): Blob
  /** Takes up a model from such a file, to reveal it here; rejects with a StudioError where it cannot be used. */
  importBundle(file: Blob): Promise<void>
  /** An iCalendar file for the reveal window. */
  revealCalendar(draftId: string): Blob

  /** Keeps the studio's own files for visits without a connection, once nothing else is done; or what was chosen last. */
  startOfflineCopy(): Promise<void>
  /** Whether they are to be kept from now on; `false` deletes them. */
  keepOfflineCopy(wanted: boolean): Promise<void>
  /** Shows the newer edition that waits; rejects with 'refused' while the page is at work. */
  reloadStudio(): Promise<void>
}

export interface Studio {
  readonly stores: Stores
  readonly actions: Actions
}
