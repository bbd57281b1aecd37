import { compactAddress } from '../../../lib/soma-address.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import type { RoundState } from '../../../strategies/rounds/rounds.ts'
import { registered, toEvaluate } from '../../../strategies/rounds/rounds.ts'
import type { RoundTools } from '../../../strategies/rounds/run-rounds.ts'
import { isBusy } from '../../../train/phase.ts'
import type { RunRecord } from '../../../worker/protocol.ts'
import type { WeightsRef } from '../../../worker/strategy-protocol.ts'
import { placeOf } from '../../draft-place.ts'
import type { ModelDraft } from '../../publish-store.ts'
import { scoredWindows } from '../../scored-windows.ts'
import type { StudioParts } from '../../studio-parts.ts'
import { hostedWeights } from '../hosted-weights.ts'
import type { PublishActions } from '../publish-actions.ts'
import type { RunActions } from '../run-actions.ts'
import { roundData } from './round-data.ts'
import { signForPlan } from './sign-for-plan.ts'
import type { FetchTargets } from './target-data.ts'

/** The studio's own actions as what carries a plan out. `mayBegin`: the plan was approved in this visit, with its data. */
export function roundTools(
  parts: Pick<StudioParts, 'stores' | 'trainer' | 'readHosted' | 'now'>,
  actions: { readonly run: RunActions; readonly publish: PublishActions },
  fetchTargets: FetchTargets,
  mayBegin: (plan: RoundState) => boolean,
): RoundTools {
  const { stores, trainer } = parts
  const { run, runs, rounds, publish, network, wallet } = stores

  async function recordOf(runId: string): Promise<RunRecord | undefined> {
    const list = await trainer.call({ kind: 'listRuns' })
    runs.setState({ runs: list })
    return list.find(({ id }) => id === runId)
  }

  /** Resolves when the run has ended, however; rejects with why it failed. Stops it where the signal says so. */
  async function ended(runId: string, signal: AbortSignal): Promise<void> {
    const stop = () => void trainer.call({ kind: 'stop' }).catch(() => undefined)
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    try {
      await new Promise<void>((resolve, reject) => {
        const look = () => {
          const { phase, error, runId: shown } = run.getState()
          if (shown === runId && isBusy(phase)) return
          unsubscribe()
          if (error && shown === runId) reject(StudioError.from(error))
          else resolve()
        }
        const unsubscribe = run.subscribe(look)
        look()
      })
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  /** Throws where the plan's place or account is not the one in use. */
  function checkSubject({ subject }: RoundState): void {
    const { network: open, chainId } = network.getState()
    const kept = 'Nothing was signed.'
    if (placeOf(network.getState()) !== subject.place) {
      throw new StudioError('refused', `The plan publishes to ${subject.placeName}, and that is not open.`, {
        hint: `${kept} Open it on the Network screen, then go on.`,
      })
    }
    if (open.kind !== 'practice' && subject.chainId !== chainId) {
      throw new StudioError('refused', `${subject.placeName} has begun anew since the plan was approved.`, {
        hint: `${kept} Stop the plan and approve a new one; its run is kept.`,
      })
    }
    if (wallet.getState().address !== subject.address) {
      throw new StudioError(
        'refused',
        `The plan was approved for the account ${compactAddress(subject.address)}, and another one is in use.`,
        { hint: `${kept} Choose that account on the Wallet screen, then go on.` },
      )
    }
  }

  /** What the network holds of the model, to be measured; fetched anew, since an update may have changed it. */
  async function inForce(modelId: string, signal: AbortSignal): Promise<WeightsRef> {
    const label = compactAddress(modelId)
    const startedAt = parts.now()
    const fetching = { label: `Fetching the weights of ${label}`, unit: 'bytes', startedAt } as const
    const onProgress = (done: number, total: number) =>
      rounds.setState({ progress: { ...fetching, done, total } })
    try {
      const file = await hostedWeights(parts, modelId, label, { signal, onProgress })
      return { kind: 'hosted', label, file }
    } catch (thrown) {
      const { code, message } = StudioError.from(thrown)
      if (code === 'cancelled') throw thrown
      throw new StudioError(code, `What is in force could not be measured. ${message}`, {
        hint: 'Nothing was signed. Go on with the plan to try again, or stop it and approve one that publishes even if it is worse.',
        cause: thrown,
      })
    }
  }

  const draftOf = (id: string): ModelDraft => {
    const draft = publish.getState().drafts.find((one) => one.id === id)
    if (draft) return draft
    throw new StudioError('not-found', 'The package of this round was removed from this device.', {
      hint: 'Stop the plan and approve a new one; the run with its checkpoints is kept.',
    })
  }

  /** A step of the wizard about this draft; throws what the wizard says went wrong. */
  async function inWizard(state: RoundState, draftId: string, job: () => Promise<void>): Promise<void> {
    checkSubject(state)
    const asks = state.plan.confirm === 'each'
    await signForPlan(stores, actions.publish, { draftId, asks }, job)
    const { wizard } = publish.getState()
    const error = wizard?.draftId === draftId ? wizard.error : null
    if (!asks || error) actions.publish.closeWizard()
    if (error) throw StudioError.from(error)
  }

  return {
    async train(state, begun, signal) {
      const { runId, runName: name, isNew } = state.subject
      const { steps, checkpoints } = state.plan
      const every = Math.ceil(steps / checkpoints)
      const { phase, runId: shown } = run.getState()
      if (isBusy(phase) && shown !== runId) {
        throw new StudioError('refused', 'Another run is under way.', {
          hint: 'Stop it, or wait for its end; then go on with the plan.',
        })
      }
      const record = await recordOf(runId)
      if (record?.checkpoint) {
        const from = state.span?.from ?? record.checkpoint.step
        begun(from)
        const start = record.kept?.find(({ step }) => step === from)
        const needed = [start, state.start, state.published, record.checkpoint]
        const protect = needed.flatMap((one) => one?.weightsDigest ?? [])
        const left = from + steps - Math.max(record.recipe.steps, record.stepsDone)
        if (record.checkpoint.step < from + steps) {
          await actions.run.resumeRun(runId, left, false, { every, protect })
        }
      } else {
        if (!isNew || !mayBegin(state)) throw lost(name)
        begun(0)
        await actions.run.train({ runId, name, steps, keep: { every, protect: [] } })
      }
      await ended(runId, signal)
      const from = state.span?.from ?? record?.checkpoint?.step ?? 0
      const after = await recordOf(runId)
      const reached = after?.checkpoint?.step ?? 0
      if (reached < from + steps) {
        throw new StudioError('cancelled', `Training was stopped at step ${reached} of ${from + steps}.`, {
          hint: 'Go on with the plan: it trains from there, with the optimizer state.',
        })
      }
      const named = (after?.kept ?? [])
        .filter(({ step }) => step >= from && step <= from + steps)
        .map(({ step, weightsDigest }) => ({ runId, step, weightsDigest }))
      const start = named.find(({ step }) => step === from) ?? null
      return { start, checkpoints: named.filter((one) => one !== start) }
    },

    async evaluate(state, signal) {
      const record = await recordOf(state.subject.runId)
      if (!record) throw lost(state.subject.runName)
      const { config } = record.recipe
      const data = await roundData(parts, fetchTargets, state.plan.chooseBy, record.id, signal)
      const held = new Set([...(record.kept ?? []), record.checkpoint].map((one) => one?.weightsDigest))
      const measured = toEvaluate(state).filter(({ weightsDigest }) => held.has(weightsDigest))
      const modelId = registered(state)
      if (modelId !== null) checkSubject(state)
      const weights = [
        ...measured.map(({ runId, weightsDigest }) => ({ kind: 'run', runId, weightsDigest }) as const),
        ...(modelId === null ? [] : [await inForce(modelId, signal)]),
      ]
      const names = [...measured.map(({ weightsDigest }) => weightsDigest), ...(modelId ? [modelId] : [])]
      const stop = () => void trainer.call({ kind: 'cancel', job: 'strategy' }).catch(() => undefined)
      signal.addEventListener('abort', stop, { once: true })
      try {
        const windows = scoredWindows(config)
        const losses = await trainer.call({ kind: 'compareLosses', config, weights, data, windows })
        return Object.fromEntries(names.map((name, at) => [name, losses[at]!]))
      } finally {
        signal.removeEventListener('abort', stop)
      }
    },

    async embed(state, signal) {
      checkSubject(state)
      const { runId, runName } = state.subject
      const close = () => actions.publish.closeWizard()
      signal.addEventListener('abort', close, { once: true })
      try {
        const model = network.getState().system?.models.find(({ id }) => id === state.modelId)
        // One that waits for its first reveal is packaged for meanwhile; the commit comes after that.
        const isWaiting = state.reveal !== null
        if (state.modelId && !isWaiting && model?.state !== 'active')
          throw notActive(state.modelId, model?.state)
        const update = state.modelId === null ? undefined : { modelId: state.modelId, name: runName }
        const { weightsDigest } = state.chosen!
        const draftId = await actions.publish.packageCheckpoint(runId, weightsDigest, update)
        const error = publish.getState().wizard?.error
        close()
        if (draftId) return draftId
        if (error) throw StudioError.from(error)
        throw new StudioError('cancelled', 'Publishing was closed before the package was made.', {
          hint: 'Nothing was signed. Go on with the plan to make it again.',
        })
      } finally {
        signal.removeEventListener('abort', close)
      }
    },

    async commit(state, signal) {
      const draftId = state.draftId!
      const close = () => actions.publish.closeWizard()
      signal.addEventListener('abort', close, { once: true })
      try {
        if (!draftOf(draftId).commitDigest) {
          await inWizard(state, draftId, () => actions.publish.continueDraft(draftId))
        }
      } finally {
        signal.removeEventListener('abort', close)
      }
      const { commitDigest, commitEpoch, createDigest, modelId } = draftOf(draftId)
      if (commitDigest && commitEpoch !== null && modelId) {
        const model = network.getState().system?.models.find(({ id }) => id === modelId)
        return { kind: 'committed', epoch: commitEpoch, modelId, isFirst: model?.state !== 'active' }
      }
      if (createDigest === null) return { kind: 'declined' }
      throw new StudioError('cancelled', 'The model was created, and its commit was not signed.', {
        hint: 'Go on with the plan to be asked again: a model that is not committed by the end of the next epoch loses stake.',
      })
    },

    async reveal(state) {
      const { draftId } = state.reveal!
      if (!draftOf(draftId).revealDigest)
        await inWizard(state, draftId, () => actions.publish.reveal(draftId))
      const { revealDigest, revealEpoch, modelId } = draftOf(draftId)
      if (!revealDigest || revealEpoch === null) {
        throw new StudioError('cancelled', 'The reveal was not signed.', {
          hint: 'It is possible in this epoch only. Go on with the plan to be asked again.',
        })
      }
      for (const old of publish.getState().drafts) {
        const isSuperseded = old.modelId === modelId && old.runId === state.subject.runId
        if (isSuperseded && old.id !== draftId && old.revealDigest) await actions.publish.deleteDraft(old.id)
      }
      return revealEpoch
    },
  }
}

function lost(name: string): StudioError {
  return new StudioError('not-found', `${name} has no checkpoint on this device to go on from.`, {
    hint: 'Nothing was signed for it. Stop the plan and approve a new one.',
  })
}

function notActive(modelId: string, state: string | undefined): StudioError {
  const now = state ? `is ${state}` : 'is not on the open network'
  return new StudioError('refused', `The model ${compactAddress(modelId)} ${now}, so it cannot be updated.`, {
    hint: 'Stop the plan and approve one that creates a new model; the run with its checkpoints is kept.',
  })
}
