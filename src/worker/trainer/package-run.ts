import { StudioError } from '../../lib/studio-error.ts'
import { listCheckpoints } from '../../weights/checkpoint-manifest.ts'
import { encryptFile, type FileCommitment } from '../../weights/encrypt-file.ts'
import type { Vault } from '../../weights/vault.ts'
import type { PackageReport, TrainerCall } from '../protocol.ts'

/** Encrypts the weights of a run's newest checkpoint, vault to vault, and takes the commitment. */
export async function packageRun(
  vault: Vault,
  call: Extract<TrainerCall, { kind: 'package' }>,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<PackageReport> {
  const newest = (await listCheckpoints(vault, call.runId))[0]
  if (!newest) {
    throw new StudioError('not-found', 'This run has no checkpoint to publish.', {
      hint: 'Train until the first checkpoint, or stop the run: that saves one.',
    })
  }
  const source = await vault.openFile(newest.manifest.weights.path)
  const path = `packages/${call.runId}-${newest.manifest.step}.enc`
  let commitment: FileCommitment | undefined
  await vault.writeFile(path, async (writer) => {
    commitment = await encryptFile(source, call.key, writer, { signal, onProgress })
  })
  return { path, ...commitment! }
}
