import { blobSource } from '../../data/blob-source.ts'
import { digestSource } from '../../data/digest-source.ts'
import { equalBytes } from '../../lib/equal-bytes.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { TrainerCall } from '../protocol.ts'

/** Throws 'corrupt', naming size or checksum, unless the bytes are the ones that the network knows. */
export async function verifyBlob({
  data,
  size,
  checksum,
  what,
}: Extract<TrainerCall, { kind: 'verify' }>): Promise<void> {
  const hint = 'It was left out. Its owner may have replaced it; try again later or leave it out.'
  if (data.size !== size) {
    throw new StudioError('corrupt', `${what} has ${data.size} bytes; the network says ${size}.`, { hint })
  }
  if (!equalBytes(await digestSource(blobSource(what, data)), checksum)) {
    throw new StudioError('corrupt', `${what} does not have the checksum that the network knows.`, { hint })
  }
}
