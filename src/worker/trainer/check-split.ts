import { StudioError } from '../../lib/studio-error.ts'
import type { RunRecord } from '../protocol.ts'

type Counted = RunRecord['corpus']

/**
 * Throws 'refused' where the data of a run is divided between training and validation otherwise than when it began, by
 * another version of the studio: it would train on what its validation holds. Records from before the split was stored are
 * compared by how many bytes stand on each side.
 */
export function checkSplit(before: Counted, now: Counted): void {
  const same =
    before.split === undefined
      ? before.trainBytes === now.trainBytes && before.validationBytes === now.validationBytes
      : before.split === now.split
  if (same) return
  throw new StudioError(
    'refused',
    'The run cannot go on: it began in a version of the studio that divided its data between training and validation in another way, so it would now train on what it was validated with. Its checkpoints are kept.',
    {
      hint: 'Publish it as it is, or start a new run from its weights, whose validation will hold some bytes that they have seen.',
    },
  )
}
