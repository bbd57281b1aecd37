import { StudioError } from '../../../lib/studio-error.ts'
import type { RecipeRan, StrategyRecipe } from '../../../strategies/recipes/strategy-recipe.ts'
import type { RunRecord } from '../../../worker/protocol.ts'

/** Why a run cannot be exported as a recipe; null where it can. */
export function whyNoRecipe({ name, merge, base, distillation, provenance }: RunRecord): string | null {
  if (provenance?.recipe) return null
  if (merge) {
    return `${name} was blended by hand, and only blends that a recipe made are exported. Its parts are on the Runs screen.`
  }
  return base || distillation
    ? `${name} began with the weights of a file or was taught by them, which a recipe cannot name, or it is from before recipes were recorded.`
    : `${name} is from before recipes were recorded.`
}

/** The recipe that a run was trained by, with the digests of its weights and data; 'unsupported' where none is known. */
export function ranRecipe(record: RunRecord): StrategyRecipe {
  const recipe = record.provenance?.recipe
  if (!recipe) {
    throw new StudioError('unsupported', `How to make ${record.name} again is not known.`, {
      hint: whyNoRecipe(record) ?? '',
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
