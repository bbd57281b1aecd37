import { readFile } from 'node:fs/promises'
import { base64 } from '@scure/base'
import { ObjectBcs, SystemState } from '../../src/chain/bcs/index.ts'
import { SYSTEM_STATE_ID } from '../../src/chain/ids.ts'
import { toHex } from '../../src/lib/hex.ts'
import type { CorpusName } from '../../src/practice/players/corpora.ts'
import { parseWorld } from '../../src/practice/world.ts'
import type { Competitor } from './train-competitor.ts'

/** The competitors of a world that was made before, so that it can be built anew without training. */
export async function readCompetitors(folder: URL): Promise<Competitor[]> {
  const world = parseWorld(JSON.parse(await readFile(new URL('world.json', folder), 'utf8')))
  // Only the objects: the rest of an older world's snapshot may have another form.
  const objects = world.snapshot.objects.map((text) => ObjectBcs.parse(base64.decode(text)))
  const state = objects.find(({ objectId }) => objectId === SYSTEM_STATE_ID)!
  const { models } = SystemState.parse(state.contents).modelRegistry
  return Promise.all(
    world.models.map(async ({ id, corpus, steps, lossFirst, lossLast }) => {
      const model = models.get(id)
      if (model?.$kind !== 'Active') throw new Error(`The model ${id} is not active`)
      const { decryptionKey: key, embedding, manifest } = model.Active
      const weights = Uint8Array.from(await readFile(new URL(`blobs/${toHex(manifest.checksum)}`, folder)))
      const { checksum } = manifest
      const { values } = embedding
      return {
        corpus: corpus as CorpusName,
        key,
        weights,
        checksum,
        embedding: values,
        steps,
        lossFirst,
        lossLast,
      }
    }),
  )
}
