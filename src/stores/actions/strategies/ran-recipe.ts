import { StudioError } from '../../../lib/studio-error.ts'
import type { RecipeRan, StrategyRecipe } from '../../../strategies/recipes/strategy-recipe.ts'
import type { RunRecord } from '../../../worker/protocol.ts'

/** The recipe that a run was trained by, with the digests of its weights and data; 'unsupported' where none is known. */
export function ranRecipe(record: RunRecord): StrategyRecipe {
  const recipe = record.provenance?.recipe
  if (!recipe) {
    throw new StudioError('unsupported', `How to make ${record.name} again is not known.`, {
      hint: 'It began with the weights of a file, was blended by hand, or is from before recipes were recorded.',
    })
  }
  const { checkpoint, corpus, base } = record
  const ran: RecipeRan = {
    run: record.name,
    at: new Date(record.createdAt).toISOString(),
    found: recipe.found,
    base: base ? { label: base.label, digest: base.digest } : null,
    data: {
      digest: corpus.digest,
      sources: corpus.sources.map(({ name, origin, bytes, digest, weight }) => ({
        name,
        origin,
        bytes,
        digest,
        ...(weight === undefined ? {} : { weight }),
      })),
    },
    result: checkpoint && {
      step: checkpoint.step,
      weightsDigest: checkpoint.weightsDigest,
      validationLoss: checkpoint.validationLoss,
    },
  }
  return { ...recipe.file, ran }
}
