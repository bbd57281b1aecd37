import { createChainClient } from '../../../chain/create-chain-client.ts'
import { blobSource } from '../../../data/blob-source.ts'
import { digestSource } from '../../../data/digest-source.ts'
import { type KeyValueStore, memoryStore } from '../../../lib/key-value-store.ts'
import { PracticeNetwork } from '../../../practice/core/network.ts'
import { createPracticeTransport } from '../../../practice/transport.ts'
import { openPracticeAccount } from '../../../wallet/practice-account.ts'
import { memoryVault } from '../../../weights/memory-vault.ts'
import type { Vault } from '../../../weights/vault.ts'
import { openTargetArchive } from '../../../worker/downloads/target-archive.ts'
import type { PracticeCall } from '../../../worker/practice-protocol.ts'
import type { CorpusItem, TrainerCall, TrainerEvent } from '../../../worker/protocol.ts'
import type { EngineHost } from '../../../worker/trainer/open-engine.ts'
import { plainHost } from '../../../worker/trainer/plain-host.fixture.ts'
import { createSession } from '../../../worker/trainer/session.ts'
import { createArchiveStore } from '../../archive-store.ts'
import { bridgeTrainer } from '../../bridge-trainer.ts'
import { createCorpusStore } from '../../corpus-store.ts'
import { keepTargets } from '../../keep-targets.ts'
import { createNetworkStore } from '../../network-store.ts'
import { createPublishStore } from '../../publish-store.ts'
import { createRoundsStore } from '../../rounds-store.ts'
import { createRunStore } from '../../run-store.ts'
import { createRunsStore } from '../../runs-store.ts'
import { createSetupStore } from '../../setup-store.ts'
import { createStrategyStore } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import { createTuningStore } from '../../tuning-store.ts'
import { createViewStore } from '../../view-store.ts'
import { createWalletStore } from '../../wallet-store.ts'
import { corpusActions } from '../corpus-actions.ts'
import { networkActions } from '../network-actions.ts'
import { publishActions } from '../publish-actions.ts'
import { runActions } from '../run-actions.ts'
import { strategyActions } from './index.ts'

/** The studio's own actions on the rules of the practice network and a trainer's session, without page and worker. */

const text = Array.from({ length: 12 }, (_, line) => `Line ${line}: a quick brown fox and a lazy dog.\n`)
const items: CorpusItem[] = [{ name: 'fox.txt', origin: 'file', data: new Blob(text) }]
/** What losses are compared on here. */
const SHORT = { sequence: 16, limit: 2 }
/** A device: what it stores outlives a visit. */
export interface StudioDevice {
  readonly chain: PracticeNetwork
  readonly storage: KeyValueStore
  readonly vault: Vault
  /** What is hosted, by address. */
  readonly blobs: {
    get(url: string): Blob | undefined | Promise<Blob | undefined>
    set(url: string, blob: Blob): unknown
  }
  /** What trains; the plain engine unless told. */
  readonly engines?: EngineHost
}

export function device(): StudioDevice {
  let time = 1_800_000_000_000
  const chain = PracticeNetwork.genesis({ seed: 'rounds', dim: 16 }, () => (time += 1000))
  return { chain, storage: memoryStore(), vault: memoryVault(), blobs: new Map<string, Blob>() }
}

export async function visit({ chain: network, storage, vault, blobs, engines = plainHost }: StudioDevice) {
  const stores = {
    run: createRunStore(),
    runs: createRunsStore(),
    setup: createSetupStore(),
    corpus: createCorpusStore(),
    network: createNetworkStore(),
    publish: createPublishStore(),
    wallet: createWalletStore(),
    view: createViewStore(),
    tuning: createTuningStore(),
    strategy: createStrategyStore(),
    rounds: createRoundsStore(),
    archive: createArchiveStore(),
  } as StudioParts['stores']
  const account = openPracticeAccount(storage)
  stores.network.setState({ world: 'small' })
  stores.wallet.setState({ address: account.address, kind: 'practice' })
  stores.corpus.setState({ items })
  stores.setup.setState(({ recipe }) => ({
    recipe: {
      ...recipe,
      config: 'small',
      sequence: 16,
      microBatch: 2,
      warmupSteps: 0,
      learningRate: 1e-2,
      validationWindows: 2,
      sampleEvery: 0,
    },
  }))
  const listeners: ((event: TrainerEvent) => void)[] = []
  const session = createSession(vault, engines, (event) => {
    for (const listener of listeners) listener(event)
  })
  const trainer = {
    // The plain engine takes seconds for one chunk of the contract.
    call: (call: TrainerCall) =>
      session.handle(
        engines === plainHost && (call.kind === 'compareLosses' || call.kind === 'mergeWeights')
          ? { ...call, windows: SHORT }
          : call,
      ),
    onEvent: (listener: (event: TrainerEvent) => void) => listeners.push(listener),
    onCrash() {},
  } as unknown as StudioParts['trainer']
  const practice = {
    async call(call: PracticeCall) {
      if (call.kind === 'faucet') return network.faucet(call.address)
      if (call.kind === 'advanceEpoch') return { epoch: network.advanceEpoch(), clock: null }
      if (call.kind !== 'putBlob') throw new Error(`not asked: ${call.kind}`)
      const url = `https://practice.invalid/blobs/${call.digest}`
      blobs.set(url, call.data)
      return { url }
    },
    onEvent() {},
    onCrash() {},
  } as unknown as StudioParts['practice']
  const parts = {
    stores,
    trainer,
    practice,
    storage,
    chain: createChainClient(createPracticeTransport(() => network)),
    vault: async () => vault,
    archive: async () => openTargetArchive(vault, () => 0),
    wallet: () => account,
    async digestUrl(url: string) {
      const data = (await blobs.get(url))!
      return { size: data.size, digest: await digestSource(blobSource(url, data)) }
    },
    readHosted: async ({ url }: { readonly url: string }) => (await blobs.get(url))!,
    assetUrl: (path: string) => path,
    now: () => 0,
  } as unknown as StudioParts
  bridgeTrainer(trainer, stores, parts.now)
  const net = networkActions(parts, corpusActions(parts))
  const publish = publishActions(parts, net)
  const run = runActions(parts)
  publish.loadDrafts()
  await net.refreshNetwork()
  const corpus = corpusActions(parts)
  const actions = strategyActions(parts, corpus, keepTargets(parts), { network: net, run, publish })
  const state = () => stores.rounds.getState().state!
  const models = () => stores.network.getState().system!.models
  const runs = () => trainer.call({ kind: 'listRuns' })
  const { advanceEpoch } = net
  return { ...actions, stores, state, models, runs, advanceEpoch }
}

/** How long a test waits for what goes on by itself. */
export const patiently = { timeout: 50_000, interval: 50 }
