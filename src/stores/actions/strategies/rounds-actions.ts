import { formatCount } from '../../../lib/format-count.ts'
import { memorableName } from '../../../lib/memorable-name.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import { checkPlan, type RoundPlan, type RoundSubject } from '../../../strategies/rounds/round-plan.ts'
import { beginRounds, type RoundState } from '../../../strategies/rounds/rounds.ts'
import { type RoundsRunner, type RoundTools, runRounds } from '../../../strategies/rounds/run-rounds.ts'
import type { RunRecord } from '../../../worker/protocol.ts'
import { placeName, placeOf } from '../../draft-place.ts'
import { filledOf } from '../../select-targets.ts'
import type { StudioParts } from '../../studio-parts.ts'
import { targetsHere } from '../../targets-here.ts'
import type { NetworkActions } from '../network-actions.ts'
import type { PublishActions } from '../publish-actions.ts'
import type { RunActions } from '../run-actions.ts'
import { roundTools } from './round-tools.ts'
import type { FetchTargets } from './target-data.ts'

const planKey = 'rounds'

/** What a plan trains and whom it publishes for, as the user chose it. */
export interface RoundsChoice {
  /** Null: a new run of what is set up on the Train screen. */
  readonly runId: string | null
  /** Null: the first round creates a model. */
  readonly modelId: string | null
}

/** Plans of rounds: one at a time, kept on this device, carried out while the page is open. */
export function roundsActions(
  parts: Pick<StudioParts, 'stores' | 'trainer' | 'storage' | 'wallet' | 'readHosted' | 'now'>,
  actions: {
    readonly network: Pick<NetworkActions, 'opened'>
    readonly run: RunActions
    readonly publish: PublishActions
  },
  fetchTargets: FetchTargets,
) {
  const { stores, storage, trainer } = parts
  const { rounds, network, runs, corpus, setup } = stores
  const begun = new Set<string>()
  const tools: RoundTools = roundTools(parts, actions, fetchTargets, ({ id }) => begun.has(id))
  let runner: RoundsRunner | undefined

  rounds.setState({ state: keptPlan(storage.get(planKey)) })
  network.subscribe(({ system }, before) => {
    if (system !== before.system) tellEpoch()
  })

  trainer.onEvent((event) => {
    if (event.kind !== 'strategy' || event.event.kind !== 'progress') return
    const { label, done, total, unit } = event.event
    rounds.setState(({ work, progress }) => {
      if (work !== 'evaluate') return {}
      const startedAt = progress?.label === label ? progress.startedAt : parts.now()
      return { progress: { label, done, total, unit, startedAt } }
    })
  })

  function tellEpoch() {
    const { system } = network.getState()
    const subject = runner?.state.subject
    const isOpen = subject?.place === placeOf(network.getState())
    if (system && isOpen && runner!.state.epoch < Number(system.epoch))
      runner!.tell({ kind: 'epoch', epoch: Number(system.epoch) })
  }

  function keep(state: RoundState): void {
    try {
      storage.set(planKey, state)
    } catch {
      // Without room a reload loses the plan; its run, packages and keys are kept apart from it.
    }
  }

  function carryOut(from: RoundState): void {
    keep(from)
    rounds.setState({ state: from, running: true, work: null })
    runner = runRounds(from, tools, (state, work) => {
      const before = rounds.getState().state
      keep(state)
      rounds.setState({ state, work: work?.kind ?? null, progress: null, running: state.ended === null })
      if (state.entries !== before?.entries) recordRounds(state)
      if (state.ended) runner = undefined
    })
    tellEpoch()
  }

  /** What the rounds did becomes part of the run's record. */
  function recordRounds({ subject, plan, entries }: RoundState): void {
    const provenance = { rounds: { plan, entries } }
    const call = { kind: 'recordProvenance', runId: subject.runId, provenance } as const
    void trainer.call(call).catch(() => undefined)
  }

  function subjectOf(choice: RoundsChoice): RoundSubject {
    const { chainId, network: open, modelActionsBlocked, system } = network.getState()
    if (!system || modelActionsBlocked) {
      throw new StudioError('refused', modelActionsBlocked ?? 'The network has not answered yet.')
    }
    const { address } = parts.wallet()
    const model = system.models.find(({ id }) => id === choice.modelId)
    const record = choice.runId === null ? null : runs.getState().runs.find(({ id }) => id === choice.runId)
    if (choice.runId !== null && !record?.checkpoint) {
      throw new StudioError('not-found', 'The run has no checkpoint to go on from.', {
        hint: 'Choose another run, or a new one.',
      })
    }
    if (choice.runId === null && corpus.getState().items.length === 0) {
      throw new StudioError('bad-input', 'There is no data to train on.', {
        hint: 'Drop a file on the page.',
      })
    }
    return {
      place: placeOf(network.getState()),
      placeName: placeName(network.getState()),
      chainId: open.kind === 'practice' ? null : chainId,
      address,
      runId: record?.id ?? crypto.randomUUID(),
      runName: record?.name ?? memorableName([Math.random(), Math.random()]),
      isNew: !record,
      modelId: choice.modelId,
      ...(model && !model.downloadable ? { uncompared: true } : {}),
      ...startOf(record),
    }
  }

  /** The trained weights that a plan's first round begins with. */
  function startOf(record: RunRecord | null | undefined): Pick<RoundSubject, 'startsFrom'> {
    if (record) return { startsFrom: `step ${formatCount(record.stepsDone)} of ${record.name}` }
    const { start } = setup.getState()
    return start.kind === 'scratch' ? {} : { startsFrom: start.label }
  }

  return {
    /** Begins a plan; what the user has approved is what `plan` and `choice` say. Throws where it cannot begin. */
    async approveRounds(plan: RoundPlan, choice: RoundsChoice) {
      checkPlan(plan)
      const current = rounds.getState().state
      if (current && !current.ended) {
        throw new StudioError('refused', 'There is a plan already.', { hint: 'Stop it first.' })
      }
      const { kind, address } = parts.wallet()
      if (kind === 'watch-only') {
        throw new StudioError('refused', 'This account cannot sign.', {
          hint: 'Choose one that can on the Wallet screen.',
        })
      }
      if (plan.confirm === 'never' && kind !== 'practice') {
        throw new StudioError('refused', 'Only a practice account signs without a question.', {
          hint: `Approve the plan for ${address} with a question before each signature.`,
        })
      }
      const id = crypto.randomUUID()
      begun.add(id)
      const epoch = Number(network.getState().system?.epoch ?? 0n)
      carryOut(beginRounds(id, plan, subjectOf(choice), epoch))
    },

    /** Goes on with the plan where it stands: after a reload, or after what made it stand still. */
    async resumeRounds() {
      const { state, running } = rounds.getState()
      if (!state || state.ended) return
      await actions.network.opened()
      if (!running)
        carryOut({ ...state, halted: null, reveal: state.reveal && { ...state.reveal, error: null } })
      else runner?.tell({ kind: 'retry' })
    },

    /** Ends it once a reveal that is owed was made; `leave` ends it at once and leaves the reveal to the user. */
    async stopRounds(leave = false) {
      const { state, running } = rounds.getState()
      if (!state || state.ended) return
      if (!running) carryOut(state)
      runner?.stop(leave)
    },

    /** Looks for regions with data and few models, for a plan that chooses by the data of one. */
    async findRegions() {
      const { system } = network.getState()
      const data = filledOf(targetsHere(stores)).map(({ id, submission: { embedding } }) => ({
        id,
        embedding,
      }))
      const models = (system?.models ?? []).flatMap(({ embedding }) => embedding ?? [])
      const map = await trainer.call({ kind: 'mapEmbeddings', method: 'pca', models, data, others: [] })
      rounds.setState({ regions: map.regions })
    },

    /** Clears a plan that has ended from the screen; what it did stays in the run's record. */
    async forgetRounds() {
      if (!rounds.getState().state?.ended) return
      storage.remove(planKey)
      rounds.setState({ state: null, work: null })
    },
  }
}

/** What storage holds, if this version can go on with it. */
function keptPlan(stored: unknown): RoundState | null {
  const state = stored as Partial<RoundState> | undefined
  const isWhole =
    typeof state?.id === 'string' && Array.isArray(state.entries) && typeof state.subject?.runId === 'string'
  return isWhole ? (state as RoundState) : null
}
