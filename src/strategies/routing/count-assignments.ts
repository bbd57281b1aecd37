import { type Share, shareOf } from './forecast-routing.ts'

/** A target as any list shows it. */
export interface ListedTarget {
  readonly generationEpoch: bigint
  readonly modelIds: readonly string[]
}

/** Targets that were made in an epoch, and how many of them were assigned to a model. */
export interface EpochCount {
  readonly epoch: number
  readonly targets: number
  readonly assigned: number
}

/**
 * What the network has really assigned to a model, by the epoch in which targets were made, the newest first. A target
 * keeps the models that it was given, so this is what a forecast can be held against.
 */
export function countAssignments(targets: readonly ListedTarget[], modelId: string): readonly EpochCount[] {
  const epochs = new Map<number, { targets: number; assigned: number }>()
  for (const { generationEpoch, modelIds } of targets) {
    const epoch = Number(generationEpoch)
    const counted = epochs.get(epoch) ?? { targets: 0, assigned: 0 }
    counted.targets += 1
    if (modelIds.includes(modelId)) counted.assigned += 1
    epochs.set(epoch, counted)
  }
  return [...epochs].map(([epoch, counted]) => ({ epoch, ...counted })).sort((a, b) => b.epoch - a.epoch)
}

/** Of each epoch the count that saw more targets, the newest epoch first. */
export function mergeCounts(kept: readonly EpochCount[], seen: readonly EpochCount[]): readonly EpochCount[] {
  const byEpoch = new Map(kept.map((one) => [one.epoch, one]))
  for (const one of seen) {
    if (one.targets >= (byEpoch.get(one.epoch)?.targets ?? 0)) byEpoch.set(one.epoch, one)
  }
  return [...byEpoch.values()].sort((a, b) => b.epoch - a.epoch)
}

/** Several epochs together; null where there are no targets. */
export function sumAssignments(epochs: readonly EpochCount[]): (Share & Omit<EpochCount, 'epoch'>) | null {
  const sum = (what: 'targets' | 'assigned') => epochs.reduce((total, one) => total + one[what], 0)
  const [targets, assigned] = [sum('targets'), sum('assigned')]
  return targets > 0 ? { targets, assigned, ...shareOf(assigned, targets) } : null
}

/**
 * The first epoch whose targets could all be assigned to a model: a reveal counts from the epoch after it, and models of
 * genesis, active since epoch 0, from the beginning. `revealed`: epochs of reveals that this device made.
 */
export function firstEpoch(activated: bigint | null, revealed: readonly number[]): number {
  const known = [...(activated === null ? [] : [Number(activated)]), ...revealed]
  const first = known.length > 0 ? Math.min(...known) : 0
  return first === 0 ? 0 : first + 1
}
