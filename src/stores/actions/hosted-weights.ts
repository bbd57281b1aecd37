import { StudioError } from '../../lib/studio-error.ts'
import type { WeightsSource } from '../../worker/protocol.ts'
import type { StudioParts } from '../studio-parts.ts'

/** The hosted file of a model of the registry, fetched but not verified yet. 'not-found' where it was not revealed. */
export async function hostedWeights(
  { stores, fetchBlob }: Pick<StudioParts, 'stores' | 'fetchBlob'>,
  modelId: string,
  label: string,
): Promise<WeightsSource> {
  const model = stores.network.getState().system?.models.find(({ id }) => id === modelId)
  if (!model?.manifest || !model.decryptionKey) {
    throw new StudioError('not-found', `The weights of ${label} cannot be read.`, {
      hint: 'Choose a model that has been revealed.',
    })
  }
  const { url, size, checksum } = model.manifest
  return { data: await fetchBlob(url), size: Number(size), checksum, key: model.decryptionKey }
}
