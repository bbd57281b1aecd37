import { throwIfAborted } from '../../../lib/abort.ts'
import { compactAddress } from '../../../lib/soma-address.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import type { LossData, WeightsRef } from '../../../worker/strategy-protocol.ts'
import { lossKey, measuredOn, runKey, weightsOf } from '../../rivals.ts'
import { scoredWindows } from '../../scored-windows.ts'
import type { ModelLoss } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import { MY_DATA } from './blend-actions.ts'
import type { Provenance } from './provenance.ts'
import type { WeightsResolver } from './resolve-weights.ts'
import { type Contender, type StandingData, standingEntry } from './standing-entry.ts'
import type { StrategyDesk } from './strategy-desk.ts'

const LOSSES = 'model-losses'
/** Older ones are measured again when they are wanted. */
const KEPT = 2000

export function rivalActions(
  parts: Pick<StudioParts, 'stores' | 'trainer' | 'storage' | 'vault' | 'saveWeights'>,
  desk: StrategyDesk,
  weights: WeightsResolver,
  provenance: Provenance,
) {
  const { stores, trainer, storage } = parts
  const { strategy, network, corpus, runs, setup } = stores
  strategy.setState({ losses: keptLosses(storage.get(LOSSES)) })

  function keep(id: string, found: ModelLoss): void {
    const entries = Object.entries(strategy.getState().losses).filter(([one]) => one !== id)
    const losses = Object.fromEntries([...entries, [id, found] as const].slice(-KEPT))
    strategy.setState({ losses })
    try {
      storage.set(LOSSES, losses)
    } catch {
      // They are on screen; the next visit measures again.
    }
  }

  function choiceOf(modelId: string) {
    const name = network.getState().competitors.find(({ id }) => id === modelId)?.name
    return { kind: 'model', modelId, label: name ?? compactAddress(modelId) } as const
  }

  /** Every model whose weights can be read, then every run of this config with a checkpoint. */
  function contenders(): Contender[] {
    const { config } = setup.getState().recipe
    const models = (network.getState().system?.models ?? []).filter(({ downloadable }) => downloadable)
    return [
      ...models.map((model): Contender => {
        const choice = choiceOf(model.id)
        return { id: model.id, label: choice.label, weights: weightsOf(model), choice }
      }),
      ...runs.getState().runs.flatMap(({ id, name, recipe, checkpoint }): Contender[] => {
        if (!checkpoint || recipe.config !== config) return []
        const { weightsDigest } = checkpoint
        const choice = { kind: 'run', runId: id, label: name } as const
        return [{ id: runKey(id), label: name, weights: weightsDigest, choice }]
      }),
    ]
  }

  function myData(): StandingData {
    const { items, summary } = corpus.getState()
    if (!summary) {
      throw new StudioError('bad-input', 'There is no data to measure on.', {
        hint: 'Drop a file on the page, or use the bundled text.',
      })
    }
    const windows = scoredWindows(setup.getState().recipe.config)
    const data: LossData = { name: MY_DATA, items, side: 'validation' }
    return { data, digest: summary.digest, windows, measured: measuredOn(summary.digest, windows) }
  }

  async function reference(one: Contender, signal: AbortSignal): Promise<WeightsRef> {
    const { choice, label, weights: weightsDigest } = one
    // A checkpoint that comes meanwhile has other weights than its loss would be kept for.
    if (choice.kind === 'run') return { kind: 'run', runId: choice.runId, weightsDigest }
    return weights.reference(choice, desk.fetching(label, signal))
  }

  /** What is kept with my runs: where each stands among all that is measured on this data. */
  async function record(all: readonly Contender[], on: StandingData): Promise<void> {
    const { losses } = strategy.getState()
    const found = all.flatMap((one) => {
      const score = losses[one.id]
      return score?.key === lossKey(one.weights, on.measured) ? [{ ...one, score }] : []
    })
    for (const one of found) {
      if (one.choice.kind === 'run') await provenance.record(one.choice, standingEntry(one, found, on))
    }
  }

  return {
    /**
     * Measures every model whose weights can be read, and my runs, on the held-out part of my data by the network's
     * contract, one after the other; each loss is kept as it is found, so that after Cancel the same click goes on.
     */
    scoreRivals: () =>
      desk.perform('rivals', 'Scoring on your data', async (signal) => {
        const on = myData()
        const { config } = setup.getState().recipe
        const all = contenders()
        const { losses } = strategy.getState()
        const missing = all.filter((one) => losses[one.id]?.key !== lossKey(one.weights, on.measured))
        const notes: string[] = []
        for (const [done, one] of missing.entries()) {
          throwIfAborted(signal)
          desk.report(`Scoring ${one.label} on your data`, 'measurements')(done, missing.length)
          try {
            const { data, windows } = on
            const ref = await reference(one, signal)
            const score = await trainer.call({ kind: 'measureLoss', config, weights: ref, data, windows })
            keep(one.id, { ...score, key: lossKey(one.weights, on.measured) })
          } catch (error) {
            const { code, message } = StudioError.from(error)
            if (code === 'cancelled' || code === 'device-lost' || code === 'refused') throw error
            notes.push(`${one.label} was left out: ${message}`)
          }
        }
        strategy.setState({ rivalNotes: notes })
        if (notes.length < missing.length) await record(all, on)
      }),

    /** The owner's own safetensors file, verified and decrypted, for soma-models; null where it failed. */
    async saveRival(modelId: string): Promise<{ data: Blob; name: string } | null> {
      let saved: { data: Blob; name: string } | null = null
      await desk.perform('rivals', 'Fetching weights', async (signal) => {
        const choice = choiceOf(modelId)
        const reference = await weights.reference(choice, desk.fetching(choice.label, signal))
        const config = weights.config(choice)
        if (reference.kind !== 'hosted') return
        const { label, file } = reference
        const onProgress = desk.report('Verifying and decrypting', 'bytes')
        const { path, digest } = await parts.saveWeights({ config, label, file }, { signal, onProgress })
        const data = await (await parts.vault()).openBlob(path)
        const name = choice.label.replaceAll(/[^\w-]+/g, '-').toLowerCase()
        saved = { data, name: `${name}-${digest.slice(0, 8)}.safetensors` }
      })
      return saved
    },
  }
}

function keptLosses(stored: unknown): Readonly<Record<string, ModelLoss>> {
  if (typeof stored !== 'object' || stored === null) return {}
  const isLoss = (value: unknown): value is ModelLoss => {
    const { loss, crossEntropyPerByte, bytes, key } = (value ?? {}) as Partial<ModelLoss>
    const figures = [loss, crossEntropyPerByte, bytes]
    return figures.every((figure) => typeof figure === 'number') && typeof key === 'string'
  }
  return Object.fromEntries(Object.entries(stored).filter(([, value]) => isLoss(value)))
}
