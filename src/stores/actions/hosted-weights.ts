import { StudioError } from '../../lib/studio-error.ts'
import type { ReadOptions } from '../../worker/downloads-client.ts'
import type { WeightsSource } from '../../worker/protocol.ts'
import type { StudioParts } from '../studio-parts.ts'

/** The hosted file of a model of the registry, from its owner, the node or the bridge. 'not-found' where it was not revealed. */
export async function hostedWeights(
  { stores, readHosted }: Pick<StudioParts, 'stores' | 'readHosted'>,
  modelId: string,
  label: string,
  options: ReadOptions = {},
): Promise<WeightsSource> {
  const model = stores.network.getState().system?.models.find(({ id }) => id === modelId)
  if (!model?.manifest || !model.decryptionKey) {
    throw new StudioError('not-found', `The weights of ${label} cannot be read.`, {
      hint: 'Choose a model that has been revealed.',
    })
  }
  const { url, size, checksum } = model.manifest
  const what = `The weights of ${label}`
  const file = { kind: 'model', id: model.id, url, size: Number(size), checksum, what } as const
  return { data: await readHosted(file, options), size: file.size, checksum, key: model.decryptionKey }
}
