import { toHex } from '../../lib/hex.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import { hashingSink } from '../../weights/byte-sink.ts'
import type { Vault } from '../../weights/vault.ts'
import { planSafetensors, type WriteOptions, writeSafetensors } from '../../weights/write-safetensors.ts'
import type { WeightsReader } from './weights-reader.ts'

export interface MergedFile {
  readonly path: string
  readonly size: number
  /** BLAKE2b-256 of the safetensors file, hex. */
  readonly digest: string
}

/**
 * Writes weights, merged while they are read, as a canonical safetensors file of the vault, tensor by tensor. The
 * file appears only when complete: a cancelled or failed merge ('corrupt' where a value is not finite) leaves nothing.
 */
export async function writeMerged(
  vault: Vault,
  path: string,
  config: ModelConfig,
  weights: WeightsReader,
  options: WriteOptions = {},
): Promise<MergedFile> {
  let digest = ''
  const size = await vault.writeFile(path, async (writer) => {
    const sink = await hashingSink(writer)
    const read = (name: string) => weights.readTensor(name, options.signal)
    await writeSafetensors(planSafetensors(parameterTable(config)), read, sink, options)
    digest = toHex(sink.digest())
  })
  return { path, size, digest }
}
