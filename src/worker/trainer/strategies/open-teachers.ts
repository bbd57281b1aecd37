import { digestSource } from '../../../data/digest-source.ts'
import type { Engine } from '../../../engine/engine.ts'
import { defaultKernelSet } from '../../../engine/fused/kernel-set.ts'
import { toHex } from '../../../lib/hex.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import { parameterTable } from '../../../model/parameter-table.ts'
import { distillingEngine } from '../../../strategies/distil/distilling-engine.ts'
import type { Teacher } from '../../../strategies/distil/teacher-targets.ts'
import { writeMerged } from '../../../strategies/merge/write-merged.ts'
import { openSafetensors } from '../../../weights/open-safetensors.ts'
import type { Vault } from '../../../weights/vault.ts'
import type { DistillationRecord, DistillationSpec } from '../../strategy-protocol.ts'
import type { EngineHost } from '../open-engine.ts'
import { openWeights } from './open-weights.ts'

interface Options {
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

/** Keeps the teachers' weights in the run's folder, so that the run can be resumed without the network. */
export async function storeTeachers(
  vault: Vault,
  runId: string,
  config: Engine['config'],
  spec: DistillationSpec,
  options: Options,
): Promise<DistillationRecord> {
  const teachers = []
  for (const [index, { weights, weight }] of spec.teachers.entries()) {
    const opened = await openWeights(vault, config, weights, options)
    try {
      const path = `runs/${runId}/teachers/${index}.safetensors`
      const { digest } = await writeMerged(vault, path, config, opened, options)
      teachers.push({ label: opened.label, digest, weight, path })
    } finally {
      await opened.close()
    }
  }
  return { ...spec, teachers }
}

/** The student's engine with its teachers beside it. On failure the student is left to the caller. */
export async function withTeachers(
  vault: Vault,
  host: EngineHost,
  student: Engine,
  { teachers: kept, ...recipe }: DistillationRecord,
  signal: AbortSignal,
): Promise<Engine> {
  const teachers: Teacher[] = []
  try {
    for (const { label, digest, path, weight } of kept) {
      const source = await vault.openFile(path)
      if (toHex(await digestSource(source, { signal })) !== digest) {
        throw new StudioError('corrupt', `The stored weights of the teacher ${label} have changed.`, {
          hint: 'The run and its checkpoints are kept. Start a new one from its weights to go on.',
        })
      }
      const file = await openSafetensors(source, parameterTable(student.config), signal)
      // The file is read as long as the run goes on, where the device cannot hold it: no signal of the preparation.
      const read = (name: string) => file.readTensor(name)
      teachers.push({ engine: await host.openForward(student.config, read, defaultKernelSet), weight })
    }
    return distillingEngine(student, teachers, recipe)
  } catch (error) {
    for (const { engine } of teachers) engine.dispose()
    throw error
  }
}
