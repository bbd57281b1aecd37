import type { GpuDevice } from '../../../gpu/open-device.ts'
import type { KeyValueStore } from '../../../lib/key-value-store.ts'
import type { ModelConfig } from '../../../model/model-config.ts'
import type { Unit } from '../../ops/variant.ts'
import { tunedKey } from './tuned-gemm.ts'

/** The kernels that a KernelSet names by unit. */
export const unitOps = ['rows', 'attention'] as const
export type UnitOp = (typeof unitOps)[number]

/** What is trained, as far as kernels depend on it. */
export interface TunedShape {
  readonly config: ModelConfig
  /** Windows of a micro-batch. */
  readonly rows: number
  readonly sequence: number
}

/** Shapes of one class take the same unit: widths as they are, counts rounded up to a power of two. */
export function unitClass(op: UnitOp, { config, rows, sequence }: TunedShape): string {
  const { dim, heads } = config
  const bucket = (size: number) => 2 ** Math.ceil(Math.log2(size))
  return op === 'rows'
    ? `rows ${bucket(rows * sequence)}x${dim}`
    : `attention ${bucket(rows * heads)}x${bucket(sequence)}x${dim / heads}`
}

/** What was tuned for this shape on this adapter by this version. */
export function readTunedUnits(
  store: KeyValueStore,
  gpu: GpuDevice,
  shape: TunedShape,
): Partial<Record<UnitOp, Unit>> {
  const table = readTable(store, gpu)
  const known = unitOps.flatMap((op) => {
    const unit = table[unitClass(op, shape)]
    return unit === 'thread' || unit === 'group' ? [[op, unit] as const] : []
  })
  return Object.fromEntries(known)
}

export function saveTunedUnit(
  store: KeyValueStore,
  gpu: GpuDevice,
  shape: TunedShape,
  op: UnitOp,
  unit: Unit,
): void {
  store.set(tunedKey('units', gpu), { ...readTable(store, gpu), [unitClass(op, shape)]: unit })
}

function readTable(store: KeyValueStore, gpu: GpuDevice): Readonly<Record<string, unknown>> {
  const value = store.get(tunedKey('units', gpu))
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
