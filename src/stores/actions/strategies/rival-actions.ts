import { throwIfAborted } from '../../../lib/abort.ts'
import { compactAddress } from '../../../lib/soma-address.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import { lossKey, measuredOn } from '../../rivals.ts'
import type { ModelLoss } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import type { WeightsResolver } from './resolve-weights.ts'
import type { StrategyDesk } from './strategy-desk.ts'

const LOSSES = 'model-losses'
/** Older ones are measured again when they are wanted. */
const KEPT = 2000

export function rivalActions(
  parts: Pick<StudioParts, 'stores' | 'trainer' | 'storage' | 'vault' | 'saveWeights'>,
  desk: StrategyDesk,
  weights: WeightsResolver,
) {
  const { stores, trainer, storage } = parts
  const { strategy, network, corpus, setup } = stores
  strategy.setState({ losses: keptLosses(storage.get(LOSSES)) })

  function keep(modelId: string, found: ModelLoss): void {
    const entries = Object.entries(strategy.getState().losses).filter(([id]) => id !== modelId)
    const losses = Object.fromEntries([...entries, [modelId, found] as const].slice(-KEPT))
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

  return {
    /**
     * Measures every model whose weights can be read on the validation part of my data, one after the other; each loss
     * is kept as it is found, so that after Cancel the same click goes on.
     */
    scoreRivals: () =>
      desk.perform('rivals', 'Scoring on your data', async (signal) => {
        const { items, summary } = corpus.getState()
        if (!summary) {
          throw new StudioError('bad-input', 'There is no data to measure on.', {
            hint: 'Drop a file on the page, or use the bundled text.',
          })
        }
        const { sequence, validationWindows, config } = setup.getState().recipe
        const measured = measuredOn(summary.digest, sequence, validationWindows)
        const models = (network.getState().system?.models ?? []).filter(({ downloadable }) => downloadable)
        const { losses } = strategy.getState()
        const missing = models.filter((model) => losses[model.id]?.key !== lossKey(model, measured))
        const data = { name: 'my data', items, side: 'validation' } as const
        const windows = { sequence, limit: validationWindows }
        const notes: string[] = []
        for (const [done, model] of missing.entries()) {
          throwIfAborted(signal)
          const choice = choiceOf(model.id)
          desk.report(`Scoring ${choice.label} on your data`, 'measurements')(done, missing.length)
          try {
            const reference = await weights.reference(choice, desk.fetching(choice.label, signal))
            const { loss } = await trainer.call({
              kind: 'measureLoss',
              config,
              weights: reference,
              data,
              windows,
            })
            keep(model.id, { loss, key: lossKey(model, measured) })
          } catch (error) {
            const { code, message } = StudioError.from(error)
            if (code === 'cancelled' || code === 'device-lost' || code === 'refused') throw error
            notes.push(`${choice.label} was left out: ${message}`)
          }
        }
        strategy.setState({ rivalNotes: notes })
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
    const { loss, key } = (value ?? {}) as Partial<ModelLoss>
    return typeof loss === 'number' && typeof key === 'string'
  }
  return Object.fromEntries(Object.entries(stored).filter(([, value]) => isLoss(value)))
}
