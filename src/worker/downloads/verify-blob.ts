import { blobSource } from '../../data/blob-source.ts'
import { digestSource } from '../../data/digest-source.ts'
import { equalBytes } from '../../lib/equal-bytes.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { HostedFile } from '../downloads-protocol.ts'

/** Throws 'corrupt', naming size or checksum, unless the bytes are the ones that the network knows. */
export async function verifyBlob(
  data: Blob,
  { size, checksum, what }: Pick<HostedFile, 'size' | 'checksum' | 'what'>,
  signal?: AbortSignal,
): Promise<void> {
  const hint = 'It was left out. Its owner may have replaced it; try again later or leave it out.'
  if (data.size !== size) {
    throw new StudioError('corrupt', `${what} has ${data.size} bytes; the network says ${size}.`, { hint })
  }
  const digest = await digestSource(blobSource(what, data), signal ? { signal } : {})
  if (!equalBytes(digest, checksum)) {
    throw new StudioError('corrupt', `${what} does not have the checksum that the network knows.`, { hint })
  }
}
