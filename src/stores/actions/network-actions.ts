import { modelActionRefusal } from '../../chain/check-model-action.ts'
import type { Network } from '../../chain/networks.ts'
import type { SystemStateView } from '../../chain/system-state-view.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { configForDimension, modelConfigs } from '../../model/model-config.ts'
import { defaultRecipe, type Recipe, recipeForStart } from '../../train/recipe.ts'
import type { WorldName } from '../network-store.ts'
import type { StartChoice } from '../setup-store.ts'
import type { StudioParts } from '../studio-parts.ts'
import type { CorpusActions } from './corpus-actions.ts'
import { readTargets } from './read-targets.ts'
import { serviceOf } from './service-of.ts'

export function networkActions(parts: StudioParts, corpus: CorpusActions) {
  const { stores, practice, chain, bridge, wallet, assetUrl } = parts
  const { network, setup } = stores
  const baseUrl = assetUrl('')

  const fail = (error: unknown) => network.setState({ error: StudioError.from(error).serialise() })

  /** Why the chosen config cannot be published here; null where it can. */
  function blocked(): string | null {
    const { system } = network.getState()
    if (!system) return 'The network has not answered yet.'
    const refusal = modelActionRefusal(system)
    if (refusal) return refusal.message
    const config = modelConfigs[setup.getState().recipe.config]
    const wanted = Number(system.parameters.targetEmbeddingDim)
    if (config.dim === wanted) return null
    const fitting = configForDimension(wanted)
    return [
      `This network scores embeddings of dimension ${wanted}; ${config.name} models have ${config.dim}.`,
      ...(fitting ? [`Choose ${fitting.name} on the Train screen to publish here.`] : []),
    ].join(' ')
  }

  /** `state`: a read of it that is under way. */
  async function refresh(state: Promise<SystemStateView> = chain.systemState()) {
    const { address } = stores.wallet.getState()
    const { world, network: asked } = network.getState()
    const [info, system] = await Promise.all([chain.serviceInfo(), state])
    // Networks without models have no targets either, and coins of another kind.
    const [targets, coins, stakes] = await Promise.all([
      system.hasModelRegistry ? readTargets(chain) : [],
      address && system.hasModelRegistry ? chain.coins(address) : [],
      address && system.hasModelRegistry ? chain.stakes(address) : [],
    ])
    // The answer of a world or network that has been left says nothing about the one on screen.
    const now = network.getState()
    if (now.network !== asked || (asked.kind === 'practice' && now.world !== world)) return
    network.setState({ status: 'ready', chainId: info.chainId, system, targets, error: null })
    network.setState({ modelActionsBlocked: blocked() })
    // Another account may be in use by now.
    if (stores.wallet.getState().address !== address) return
    const balance = coins.reduce((sum, coin) => sum + coin.balance, 0n)
    stores.wallet.setState({ balance, coins: coins.length, stakes })
  }

  /** After an own transaction or with another account: the registry is read only where that transaction changed it. */
  const refreshAccount = () => refresh(chain.systemState({ within: 'epoch' }))

  async function requestGas() {
    const { address } = stores.wallet.getState()
    if (!address) return
    stores.wallet.setState({ busy: true })
    try {
      const { network: asked, world } = network.getState()
      if (asked.kind === 'practice') await practice.call({ kind: 'faucet', world, address })
      else await bridge.requestGas(serviceOf(asked, 'faucet'), address)
      await refreshAccount()
    } finally {
      stores.wallet.setState({ busy: false })
    }
  }

  /** Worlds open one after the other; of several asked for only the last one is shown. */
  let opening: Promise<void> = Promise.resolve()

  /** Opens a world; a new visitor's account gets its first coins from the faucet. */
  function open(world: WorldName, kind: 'open' | 'reset' = 'open'): Promise<void> {
    if (network.getState().network.kind !== 'practice') {
      network.setState({ world })
      return opening
    }
    network.setState({ status: 'connecting', world, clock: null, played: null })
    network.setState({ system: null, targets: [], error: null })
    const wanted = () => {
      const now = network.getState()
      return now.world === world && now.network.kind === 'practice'
    }
    opening = opening.then(async () => {
      if (!wanted()) return
      try {
        const { models, clock } = await practice.call({ kind, world, baseUrl })
        if (!wanted()) return
        network.setState({ competitors: models, clock })
        stores.wallet.setState({ address: wallet().address })
        await refresh()
        if (stores.wallet.getState().coins === 0) await requestGas()
      } catch (error) {
        if (!wanted()) return
        network.setState({ status: 'failed' })
        fail(error)
      }
    })
    return opening
  }

  /** Starts on another network; `reachable`: it may be called at once; `state`: what is being read of it already. */
  async function enter(chosen: Network, reachable: boolean, state?: Promise<SystemStateView>): Promise<void> {
    network.setState({ network: chosen })
    if (chosen.kind === 'practice') return open(network.getState().world)
    network.setState({
      status: 'connecting',
      competitors: [],
      chainId: '',
      system: null,
      targets: [],
      modelActionsBlocked: null,
      error: null,
    })
    stores.wallet.setState({ balance: null, coins: 0, stakes: [] })
    if (!reachable) return
    try {
      await refresh(state)
    } catch (error) {
      if (network.getState().network !== chosen) return
      network.setState({ status: 'failed' })
      fail(error)
    }
  }

  practice.onCrash((error) => {
    if (network.getState().network.kind !== 'practice') return practice.restart()
    network.setState({ status: 'failed', advancing: false })
    fail(error)
    practice.restart()
  })

  const attempt = async (job: () => Promise<void>) => {
    try {
      await job()
    } catch (error) {
      fail(error)
    }
  }

  return {
    /** Reads the network again; opens the world again where it could not be opened or its worker died. */
    async refreshNetwork() {
      const { status, world, network: asked } = network.getState()
      if (status === 'failed' && asked.kind === 'practice') await open(world)
      else await attempt(() => refresh())
    },
    refreshAccount: () => attempt(refreshAccount),
    enter,
    requestGas: () => attempt(requestGas),
    openWorld: open,
    /** Resolves when no world is being opened. */
    opened: () => opening,

    async switchWorld(world: WorldName) {
      if (setup.getState().recipe.config !== world) {
        setup.setState({ recipe: defaultRecipe(world), start: { kind: 'scratch' }, distillation: null })
        void corpus.recount()
      }
      await open(world)
    },

    async chooseConfig(config: Recipe['config']) {
      if (setup.getState().recipe.config === config) return
      setup.setState({ recipe: defaultRecipe(config), start: { kind: 'scratch' }, distillation: null })
      void corpus.recount()
      const { world, network: chosen } = network.getState()
      if (config !== 'v1' && chosen.kind === 'practice' && world !== config) await open(config)
      network.setState({ modelActionsBlocked: blocked() })
    },

    chooseStart(start: StartChoice) {
      const before = setup.getState().recipe
      const recipe = recipeForStart(before, start.kind !== 'scratch')
      setup.setState({ start, recipe })
      if (recipe.sequence !== before.sequence) void corpus.recount()
    },

    async advanceEpoch() {
      network.setState({ advancing: true })
      await attempt(async () => {
        const { network: asked, world } = network.getState()
        if (asked.kind === 'practice') {
          const { clock } = await practice.call({ kind: 'advanceEpoch', world })
          network.setState({ clock })
        } else {
          await bridge.advanceEpoch(serviceOf(asked, 'admin'))
        }
        await refresh()
      })
      network.setState({ advancing: false })
    },

    resetWorld: () => open(network.getState().world, 'reset'),
  }
}

export type NetworkActions = ReturnType<typeof networkActions>
