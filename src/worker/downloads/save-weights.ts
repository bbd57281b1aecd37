import { blobSource } from '../../data/blob-source.ts'
import type { StreamOptions } from '../../data/digest-source.ts'
import { toHex } from '../../lib/hex.ts'
import { modelConfigs } from '../../model/model-config.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import { hashingSink } from '../../weights/byte-sink.ts'
import { decryptVerified } from '../../weights/decrypt-verified.ts'
import { openSafetensors } from '../../weights/open-safetensors.ts'
import type { Vault } from '../../weights/vault.ts'
import type { DownloadJob, SavedWeights } from '../downloads-protocol.ts'

/** There is one such file: the page offers it at once, and the next takes its place. */
const PATH = 'downloads/saved.safetensors'

/** The owner's own file, byte for byte, decrypted: what loads in soma-models. 'corrupt' where a tensor is missing. */
export async function saveWeights(
  vault: Vault,
  { config, label, file }: Pick<Extract<DownloadJob, { kind: 'saveWeights' }>, 'config' | 'label' | 'file'>,
  options: StreamOptions = {},
): Promise<SavedWeights> {
  let digest = ''
  await vault.writeFile(PATH, async (writer) => {
    const sink = await hashingSink(writer)
    await decryptVerified(blobSource(label, file.data), file, sink, options)
    digest = toHex(sink.digest())
  })
  const source = await vault.openFile(PATH)
  await openSafetensors(source, parameterTable(modelConfigs[config]), options.signal)
  return { label, digest, path: PATH, size: source.size }
}
