import { type Share, shareOf } from './forecast-routing.ts'

/** A target as any list shows it. */
export interface ListedTarget {
  readonly generationEpoch: bigint
  readonly modelIds: readonly string[]
}

export interface Assignments extends Share {
  readonly targets: number
  readonly assigned: number
}

/**
 * What the network has really assigned to a model, by the epoch in which targets were made, the newest first. A target
 * keeps the models that it was given, so this is what a forecast can be held against.
 */
export function countAssignments(
  targets: readonly ListedTarget[],
  modelId: string,
): readonly (Assignments & { readonly epoch: bigint })[] {
  const epochs = new Map<bigint, { targets: number; assigned: number }>()
  for (const { generationEpoch, modelIds } of targets) {
    const counted = epochs.get(generationEpoch) ?? { targets: 0, assigned: 0 }
    counted.targets += 1
    if (modelIds.includes(modelId)) counted.assigned += 1
    epochs.set(generationEpoch, counted)
  }
  return [...epochs]
    .sort(([a], [b]) => Number(b - a))
    .map(([epoch, counted]) => ({ epoch, ...counted, ...shareOf(counted.assigned, counted.targets) }))
}

/** Several epochs together; null where there are no targets. */
export function sumAssignments(epochs: readonly Assignments[]): Assignments | null {
  const sum = (what: 'targets' | 'assigned') => epochs.reduce((total, one) => total + one[what], 0)
  const [targets, assigned] = [sum('targets'), sum('assigned')]
  return targets > 0 ? { targets, assigned, ...shareOf(assigned, targets) } : null
}
