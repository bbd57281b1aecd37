import { toHex } from '../../../lib/hex.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import type { ConfigName } from '../../../model/model-config.ts'
import type { ReadOptions } from '../../../worker/downloads-client.ts'
import type { WeightsRef } from '../../../worker/strategy-protocol.ts'
import type { WeightsChoice } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import { hostedWeights } from '../hosted-weights.ts'

/** From what the user chose to what the worker reads. */
export interface WeightsResolver {
  /** `options`: of the download, where there is one; it takes minutes for a large model, so that it must be seen and stopped. */
  reference(choice: WeightsChoice, options: Required<ReadOptions>): Promise<WeightsRef>
  /** What tells these weights from others, hex: of the plain file, or of the hosted one. */
  digest(choice: WeightsChoice): Promise<string>
  /** The model's id, or one that only this device knows. */
  id(choice: WeightsChoice): string
  /** A run's own config; that of the next run for what the network or a file holds. */
  config(choice: WeightsChoice): ConfigName
}

export function weightsResolver(
  parts: Pick<StudioParts, 'stores' | 'readHosted' | 'trainer'>,
): WeightsResolver {
  const { stores, trainer } = parts
  const recordOf = (runId: string) => stores.runs.getState().runs.find(({ id }) => id === runId)

  return {
    async reference(choice, options) {
      switch (choice.kind) {
        case 'run':
          return { kind: 'run', runId: choice.runId }
        case 'file':
          return { kind: 'file', label: choice.label, data: choice.file }
        case 'model': {
          const file = await hostedWeights(parts, choice.modelId, choice.label, options)
          return { kind: 'hosted', label: choice.label, file }
        }
        default:
          return choice satisfies never
      }
    },

    async digest(choice) {
      switch (choice.kind) {
        case 'run': {
          const digest = recordOf(choice.runId)?.checkpoint?.weightsDigest
          if (digest) return digest
          throw new StudioError('not-found', `${choice.label} has no checkpoint.`, {
            hint: 'Train at least one step, or choose another run.',
          })
        }
        case 'file':
          return toHex(await trainer.call({ kind: 'digest', data: choice.file }))
        case 'model': {
          const model = stores.network.getState().system?.models.find(({ id }) => id === choice.modelId)
          return model?.manifest ? toHex(model.manifest.checksum) : choice.modelId
        }
        default:
          return choice satisfies never
      }
    },

    id: (choice) =>
      choice.kind === 'model'
        ? choice.modelId
        : choice.kind === 'run'
          ? `run:${choice.runId}`
          : `file:${choice.label}`,

    config(choice) {
      const record = choice.kind === 'run' ? recordOf(choice.runId) : undefined
      return (record ?? stores.setup.getState()).recipe.config
    },
  }
}
