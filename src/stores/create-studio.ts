import { createBridgeClient } from '../chain/bridge-client.ts'
import { connectNetwork, createChainClient } from '../chain/create-chain-client.ts'
import { rememberState } from '../chain/remember-state.ts'
import { switchableClient } from '../chain/switchable-client.ts'
import { localStore } from '../lib/key-value-store.ts'
import { StudioError } from '../lib/studio-error.ts'
import { isRecipe } from '../train/recipe.ts'
import { openVault } from '../weights/opfs-vault.ts'
import { createDownloads } from '../worker/downloads-client.ts'
import { createPracticeClient, practiceTransport } from '../worker/practice-client.ts'
import { createReader } from '../worker/reader-client.ts'
import { createTrainerClient } from '../worker/trainer-client.ts'
import { createAccounts } from './accounts.ts'
import { benchmarkActions } from './actions/benchmark-actions.ts'
import { corpusActions } from './actions/corpus-actions.ts'
import { modelActions } from './actions/model-actions.ts'
import { networkActions } from './actions/network-actions.ts'
import { networksActions } from './actions/networks-actions.ts'
import { offlineCopyActions } from './actions/offline-copy-actions.ts'
import { publishActions } from './actions/publish-actions.ts'
import { runActions } from './actions/run-actions.ts'
import { signingActions } from './actions/signing-actions.ts'
import { forgetCompetition } from './actions/strategies/competition.ts'
import { strategyActions } from './actions/strategies/index.ts'
import { forgetAssignments } from './actions/strategies/keep-assignments.ts'
import { submissionActions } from './actions/submission-actions.ts'
import { tuningActions } from './actions/tuning-actions.ts'
import { walletActions } from './actions/wallet-actions.ts'
import { worldActions } from './actions/world-actions.ts'
import { createActivityStore } from './activity-store.ts'
import { createArchiveStore } from './archive-store.ts'
import { createBenchmarkStore, createSelfCheckStore, isBenchmark } from './benchmark-store.ts'
import { bridgeTrainer } from './bridge-trainer.ts'
import { createCorpusStore } from './corpus-store.ts'
import { createDeviceStore } from './device-store.ts'
import { followMeasured } from './follow-measured.ts'
import { keepTargets } from './keep-targets.ts'
import { createMeasuredStore, isMeasured } from './measured-store.ts'
import { loadNetworks } from './network-book.ts'
import { createNetworkStore } from './network-store.ts'
import { createNetworksStore } from './networks-store.ts'
import { createOfflineCopyStore } from './offline-copy-store.ts'
import { createPromptDesk } from './prompt-desk.ts'
import { createPublishStore } from './publish-store.ts'
import { remember } from './remember.ts'
import { createRoundsStore } from './rounds-store.ts'
import { createRunStore } from './run-store.ts'
import { createRunsStore } from './runs-store.ts'
import { createSetupStore } from './setup-store.ts'
import { createSigningStore } from './signing-store.ts'
import { createStrategyStore } from './strategy-store.ts'
import type { Stores, Studio } from './studio.ts'
import type { StudioParts } from './studio-parts.ts'
import { createTuningStore } from './tuning-store.ts'
import { createViewStore } from './view-store.ts'
import { createWalletStore } from './wallet-store.ts'

/** Wires workers, stores and actions, and starts what a visit starts with. */
export function createStudio(): Studio {
  const stores: Stores = {
    device: createDeviceStore(),
    corpus: createCorpusStore(),
    setup: createSetupStore(),
    run: createRunStore(),
    runs: createRunsStore(),
    network: createNetworkStore(),
    networks: createNetworksStore(),
    activity: createActivityStore(),
    archive: createArchiveStore(),
    wallet: createWalletStore(),
    publish: createPublishStore(),
    signing: createSigningStore(),
    view: createViewStore(),
    benchmark: createBenchmarkStore(),
    selfCheck: createSelfCheckStore(),
    strategy: createStrategyStore(),
    tuning: createTuningStore(),
    rounds: createRoundsStore(),
    measured: createMeasuredStore(),
    offlineCopy: createOfflineCopyStore(),
  }
  const storage = localStore('soma-studio/')
  remember(storage, 'recipe', stores.setup, ['recipe'], ({ recipe }) => isRecipe(recipe))
  remember(storage, 'benchmark', stores.benchmark, ['report'], ({ report }) => isBenchmark(report))
  remember(storage, 'tuning', stores.tuning, ['half'], ({ half }) => typeof half === 'boolean')
  remember(storage, 'measured', stores.measured, ['paces', 'memory'], isMeasured)
  remember(
    storage,
    'view',
    stores.view,
    ['logLoss', 'smoothing'],
    ({ smoothing }) => smoothing >= 0 && smoothing < 1,
  )
  stores.networks.setState({ networks: loadNetworks(storage) })
  const { config } = stores.setup.getState().recipe
  if (config !== 'v1') stores.network.setState({ world: config })

  const trainer = createTrainerClient()
  const practice = createPracticeClient()
  const readLarge = createReader()
  const desk = createPromptDesk(stores.signing)
  const accounts = createAccounts({ storage, wallet: stores.wallet, prompts: desk, now: () => Date.now() })
  const practiceChain = createChainClient(practiceTransport(practice))
  const chain = switchableClient(practiceChain)
  const bridge = createBridgeClient(document.baseURI)
  const downloads = createDownloads({
    page: document.baseURI,
    connectPractice: (port) => practice.call({ kind: 'serveFiles', port }, [port]).catch(() => undefined),
  })
  practice.onCrash(() => downloads.reconnectPractice())
  const parts: StudioParts = {
    stores,
    trainer,
    practice,
    chain: chain.client,
    switchChain: (client) => chain.use(client ?? practiceChain),
    bridge,
    storage,
    vault: () => openVault(),
    archive: async () => downloads.archive,
    wallet: () => accounts.current(),
    digestUrl: downloads.digestUrl,
    readHosted(file, options) {
      const { kind, urls } = stores.network.getState().network
      return downloads.fetchHosted(file, kind === 'practice' ? null : (urls.rpc ?? null), options)
    },
    saveWeights: downloads.saveWeights,
    assetUrl: (path) => new URL(path, document.baseURI).href,
    now: () => Date.now(),
  }
  bridgeTrainer(trainer, stores, parts.now)
  followMeasured(stores, trainer, parts.now)
  const keeper = keepTargets(parts)

  const corpus = corpusActions(parts)
  const network = networkActions(parts, corpus)
  const world = worldActions(parts, network)
  const run = runActions(parts)
  const wallet = walletActions(parts, network, accounts)
  const networks = networksActions(
    {
      ...parts,
      page: document.baseURI,
      // What may have a hundred megabytes is decoded in a worker.
      connect: (chosen) => rememberState({ ...connectNetwork(chosen), ...readLarge(chosen.urls.rpc ?? '') }),
      showAccountsOf: wallet.showAccountsOf,
    },
    network,
  )
  const signing = signingActions(parts, network, desk)
  const publish = publishActions(parts, network)

  async function probe() {
    try {
      const report = await trainer.call({ kind: 'probe' })
      stores.device.setState({ status: report.available ? 'ready' : 'missing', report })
    } catch (error) {
      const { message, hint } = StudioError.from(error)
      const report = {
        available: false,
        engine: 'none' as const,
        description: message,
        hint,
        isFallback: false,
        maxBufferBytes: 0,
        maxBindingBytes: 0,
        features: [],
        adapter: {},
        limits: {},
      }
      stores.device.setState({ status: 'missing', report })
    }
  }

  publish.loadDrafts()
  void probe()
  void networks.connectNetwork()
  void corpus.takeLastCorpus()
  void run.loadRuns()

  let recount: ReturnType<typeof setTimeout> | undefined
  return {
    stores,
    actions: {
      ...corpus,
      ...network,
      ...world,
      ...networks,
      ...run,
      ...wallet,
      ...signing,
      ...modelActions(parts, signing),
      ...submissionActions(parts, signing),
      ...publish,
      ...benchmarkActions(parts),
      ...tuningActions(parts),
      ...offlineCopyActions(parts),
      ...strategyActions(parts, corpus, keeper, { network, run, publish }),
      async deleteRun(runId) {
        await run.deleteRun(runId)
        await corpus.letGoOfDeleted()
      },
      async resetWorld() {
        // Their registry is gone; the runs and checkpoints they came from stay.
        publish.forgetWorld(stores.network.getState().world)
        await keeper.forget()
        const { chainId } = stores.network.getState()
        forgetAssignments(storage, chainId)
        forgetCompetition(storage, chainId)
        await network.resetWorld()
      },
      editRecipe(change) {
        stores.setup.setState(({ recipe }) => ({ recipe: { ...recipe, ...change } }))
        if (change.sequence === undefined) return
        if (stores.corpus.getState().summary) stores.corpus.setState({ status: 'inspecting' })
        clearTimeout(recount)
        recount = setTimeout(() => void corpus.recount(), 400)
      },
    },
  }
}
