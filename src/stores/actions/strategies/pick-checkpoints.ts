import { formatCount, formatPlural } from '../../../lib/format-count.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import type { ConfigName } from '../../../model/model-config.ts'
import type { RunChoice } from '../../../strategies/recipes/strategy-recipe.ts'
import type { CheckpointRef, RunRecord } from '../../../worker/protocol.ts'

/** A checkpoint of this device that a recipe names. */
export interface PickedCheckpoint {
  readonly runId: string
  readonly weightsDigest: string
  readonly step: number
  readonly label: string
}

/** Every checkpoint of runs of this config whose weights are here, the newest first, each once. */
export function checkpointsOf(runs: readonly RunRecord[], config: ConfigName): readonly PickedCheckpoint[] {
  const found = new Map<string, PickedCheckpoint & { readonly savedAt: number }>()
  for (const { id, name, recipe, checkpoint, kept = [] } of runs) {
    if (recipe.config !== config) continue
    for (const one of [...kept, checkpoint].filter((ref): ref is CheckpointRef => ref !== null)) {
      const { weightsDigest, step, savedAt } = one
      const label = `${name} at step ${formatCount(step)}`
      if (!found.has(weightsDigest))
        found.set(weightsDigest, { runId: id, weightsDigest, step, label, savedAt })
    }
  }
  return [...found.values()].sort((a, b) => b.savedAt - a.savedAt)
}

/** The checkpoints that a recipe means; throws 'not-found' where there are fewer, with what to do about it. */
export function pickCheckpoints(
  choice: RunChoice,
  runs: readonly RunRecord[],
  config: ConfigName,
): readonly PickedCheckpoint[] {
  const all = checkpointsOf(runs, config)
  switch (choice.pick) {
    case 'last': {
      if (all.length >= choice.count) return all.slice(0, choice.count)
      throw tooFew(choice.count, all.length, config)
    }
    case 'runs': {
      const newest = choice.runIds.flatMap((runId) => all.find((one) => one.runId === runId) ?? [])
      if (newest.length === choice.runIds.length) return newest
      throw missing(choice.runIds.length - newest.length, 'run')
    }
    case 'checkpoints': {
      const named = all.filter(({ weightsDigest }) => choice.digests.includes(weightsDigest))
      if (named.length === choice.digests.length) return named
      throw missing(choice.digests.length - named.length, 'checkpoint')
    }
    default:
      return choice satisfies never
  }
}

function tooFew(wanted: number, found: number, config: ConfigName): StudioError {
  if (wanted === 1) {
    return new StudioError('not-found', `There is no run of the ${config} config to go on from.`, {
      hint: 'Train a run first, then run the recipe again.',
    })
  }
  const held = found === 0 ? 'there is none' : `there ${found === 1 ? 'is' : 'are'} ${found}`
  return new StudioError(
    'not-found',
    `The recipe needs your last ${wanted} checkpoints of the ${config} config, and ${held} on this device.`,
    {
      hint: `Train on: a run keeps its last five checkpoints, one every “Checkpoint every” steps. Or export the recipe, lower its count, and import it.`,
    },
  )
}

function missing(count: number, what: string): StudioError {
  return new StudioError(
    'not-found',
    `${formatPlural(count, what)} that the recipe names ${count === 1 ? 'is' : 'are'} not on this device.`,
    { hint: 'It was deleted, or made on another device. Choose the last ones in the file instead.' },
  )
}
