import { digestSource } from '../../data/digest-source.ts'
import { toHex } from '../../lib/hex.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { encryptFile, type FileCommitment } from '../../weights/encrypt-file.ts'
import type { Vault } from '../../weights/vault.ts'
import type { PackageReport, TrainerCall } from '../protocol.ts'
import { findWeights } from './kept-checkpoints.ts'
import { readRecord } from './run-files.ts'

/**
 * Encrypts the weights of the checkpoint that was embedded, vault to vault, and takes the commitment. 'not-found'
 * where later checkpoints have replaced it, 'corrupt' where its file has changed since it was saved.
 */
export async function packageRun(
  vault: Vault,
  call: Extract<TrainerCall, { kind: 'package' }>,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<PackageReport> {
  const found = await findWeights(vault, await readRecord(vault, call.runId), call.weightsDigest, signal)
  if (!found) {
    throw new StudioError('not-found', 'The checkpoint that was embedded has been replaced by later ones.', {
      hint: 'Commit again: pause the run first, or let it end.',
      retryable: true,
    })
  }
  const source = await vault.openFile(found.file.path)
  if (toHex(await digestSource(source, { signal })) !== call.weightsDigest) {
    throw new StudioError('corrupt', 'The weights file of the checkpoint has changed since it was saved.', {
      hint: 'Train on to the next checkpoint, then commit again.',
    })
  }
  const path = `packages/${call.runId}-${found.step}-${Date.now()}.enc`
  let commitment: FileCommitment | undefined
  await vault.writeFile(path, async (writer) => {
    commitment = await encryptFile(source, call.key, writer, { signal, onProgress })
  })
  return { path, ...commitment! }
}
