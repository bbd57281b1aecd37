import { blobSource } from '../../../data/blob-source.ts'
import { toHex } from '../../../lib/hex.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import { modelConfigs } from '../../../model/model-config.ts'
import { parameterTable } from '../../../model/parameter-table.ts'
import { hashingSink } from '../../../weights/byte-sink.ts'
import { decryptVerified } from '../../../weights/decrypt-verified.ts'
import { openSafetensors } from '../../../weights/open-safetensors.ts'
import type { SavedWeights, StrategyCall } from '../../strategy-protocol.ts'
import type { StrategyJob } from './strategy-job.ts'

/** There is one such file: the page offers it at once, and the next takes its place. */
const PATH = 'downloads/saved.safetensors'

/** The owner's own file, byte for byte, decrypted: what loads in soma-models. 'corrupt' where a tensor is missing. */
export async function saveWeights(
  { vault, signal, progress }: StrategyJob,
  { config, weights }: Extract<StrategyCall, { kind: 'saveWeights' }>,
): Promise<SavedWeights> {
  if (weights.kind !== 'hosted') {
    throw new StudioError('unsupported', 'Only weights of the network are saved this way.', {
      hint: 'Choose a model of the registry.',
    })
  }
  const { label, file } = weights
  let digest = ''
  await vault.writeFile(PATH, async (writer) => {
    const sink = await hashingSink(writer)
    const onProgress = progress('Verifying and decrypting', 'bytes')
    await decryptVerified(blobSource(label, file.data), file, sink, { signal, onProgress })
    digest = toHex(sink.digest())
  })
  const source = await vault.openFile(PATH)
  await openSafetensors(source, parameterTable(modelConfigs[config]), signal)
  return { label, digest, path: PATH, size: source.size }
}
