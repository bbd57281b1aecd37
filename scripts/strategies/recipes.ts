import { makeCorpus } from '../../src/practice/players/corpora.ts'
import { cosineDistance } from '../../src/strategies/cosine-distance.ts'
import { distillingEngine } from '../../src/strategies/distil/distilling-engine.ts'
import { openGapScores } from '../../src/strategies/gaps/gap-scores.ts'
import { genesisEmbedding } from '../../src/strategies/genesis-embedding.ts'
import { greedySoup, type SoupCandidate } from '../../src/strategies/merge/greedy-soup.ts'
import { soupWeights } from '../../src/strategies/merge/merged-weights.ts'
import { loadWeights, type WeightsReader } from '../../src/strategies/merge/weights-reader.ts'
import { type ShippedRecipe, shippedRecipes } from '../../src/strategies/recipes/shipped-recipes.ts'
import { resolveTraining, type StrategyRecipe } from '../../src/strategies/recipes/strategy-recipe.ts'
import type { Recipe } from '../../src/train/recipe.ts'
import { memoryVault } from '../../src/weights/memory-vault.ts'
import { findGap } from './find-gap.ts'
import { ownData } from './fine-tuning.ts'
import type { Lab } from './lab.ts'
import { lossOn } from './loss-on.ts'
import { differenceText, type Experiment, figure, meanAndSpread } from './section.ts'
import { pairedDifference } from './statistics.ts'
import { copyWeights, type Text, trainModel } from './train-model.ts'

/** What each recipe's description promises, before or beside and after, on fresh submissions that nobody was trained on. */
interface Round {
  readonly seed: number
  /** Loss on own kind of data by the contract's window, nats per byte. */
  readonly fresh: number
  readonly scratch: number
  readonly leader: number
  readonly tuned: number
  /** The same two by windows of 128, the length that the recipe trains at. */
  readonly leaderShort: number
  readonly tunedShort: number
  /** 1 - cosine to the leader's embedding. */
  readonly scratchDistance: number
  readonly distilDistance: number
  /** Loss of the last five: the best alone, greedy and uniform soup, on data that chose nothing. */
  readonly best: number
  readonly greedy: number
  readonly uniform: number
  readonly taken: number
  /** Loss on data of the largest gap before and after specialising in the gaps. */
  readonly gapBefore: number
  readonly gapAfter: number
}

export interface Recipes {
  readonly corpus: string
  /** Of the recipe's steps and warm-up. */
  readonly share: number
  readonly trainings: Readonly<Record<string, Pick<Recipe, 'steps' | 'sequence' | 'learningRate'>>>
  readonly rounds: readonly Round[]
}

const TEXTS = 8
const BYTES = 768
const CHOSEN_PER_REGION = 4

/** The shipped recipes on the small network, as they are except for a share of their steps. */
export async function runRecipes(
  lab: Lab,
  options: { readonly seeds: readonly number[]; readonly share: number },
): Promise<Recipes> {
  const { share } = options
  const leader = lab.rivals[0]!
  const [engine, teacher] = [lab.openEngine(), lab.openEngine()]
  await loadWeights(teacher, leader.weights)
  const scores = await openGapScores(memoryVault(), 'scores.json')

  /** Trains as the recipe says; `region` is the data of its largest gap. */
  async function follow(
    name: ShippedRecipe,
    seed: number,
    from?: WeightsReader,
    region: readonly Text[] = [],
  ) {
    const file: StrategyRecipe = shippedRecipes[name]
    const { steps, warmupSteps, learningRate, sequence, microBatch } = resolveTraining(file, 'small')!
    const texts = file.data.flatMap((source): readonly Text[] => {
      if (source.kind === 'own') return [ownData(leader.corpus, seed)]
      if (source.kind === 'targets' && source.among === 'gap-region') return region
      if (source.kind === 'targets' && source.among === 'all')
        return lab.submissions
          .slice(0, source.limit)
          .map(({ targetId, bytes }) => ({ name: targetId, bytes }))
      throw new Error(`${name} has data of another kind: ${JSON.stringify(source)}`)
    })
    const { distillation } = file
    const student = distillation
      ? distillingEngine(engine, [{ engine: teacher, weight: 1 }], distillation)
      : engine
    await trainModel(student, {
      texts,
      ...(from ? { from } : {}),
      steps: Math.round(share * steps),
      warmupSteps: Math.round(share * warmupSteps),
      learningRate,
      sequence,
      rows: microBatch,
      seed,
    })
    return copyWeights(engine)
  }
  const lossOf = async (weights: WeightsReader, texts: readonly Uint8Array[], window = 1024) => {
    await loadWeights(engine, weights)
    return lossOn(engine, texts, window)
  }

  const rounds: Round[] = []
  for (const seed of options.seeds) {
    const own = freshTexts(leader.corpus, seed)
    const embeddingOf = async (weights: WeightsReader) => {
      await loadWeights(engine, weights)
      return (await genesisEmbedding(engine, own)).embedding
    }
    await engine.initialise(seed)
    const fresh = await lossOn(engine, own, 1024)
    const scratch = await follow('from-scratch', seed)
    const distilled = await follow('distil-the-leader', seed)
    const tuned = await follow('fine-tune-the-leader', seed, leader.weights)
    const again = await follow('fine-tune-the-leader', seed + 50, leader.weights)
    const analysis = { perRegion: CHOSEN_PER_REGION, mineId: `tuned ${seed}`, scores }
    const { gap, texts: ofGap } = await findGap(lab, tuned, analysis)
    const special = await follow('specialise-in-a-gap', seed, tuned, ofGap)
    const lastFive = { special, again, tuned, distilled, scratch }
    const candidates = Object.entries(lastFive).map(([label, weights]): SoupCandidate => ({ label, weights }))
    const choose = freshTexts(leader.corpus, seed + 100)
    const greedy = await greedySoup(engine, candidates, { loss: (one) => lossOn(one, choose, 1024) })
    const inGap = freshTexts(gap, seed)
    const goal = await embeddingOf(leader.weights)
    const alone: number[] = []
    for (const { weights } of candidates) alone.push(await lossOf(weights, own))
    rounds.push({
      seed,
      fresh,
      scratch: await lossOf(scratch, own),
      leader: await lossOf(leader.weights, own),
      tuned: await lossOf(tuned, own),
      leaderShort: await lossOf(leader.weights, own, 128),
      tunedShort: await lossOf(tuned, own, 128),
      scratchDistance: cosineDistance(await embeddingOf(scratch), goal),
      distilDistance: cosineDistance(await embeddingOf(distilled), goal),
      best: Math.min(...alone),
      greedy: await lossOf(greedy.weights, own),
      uniform: await lossOf(soupWeights(candidates.map(({ weights }) => weights)), own),
      taken: greedy.taken.length,
      gapBefore: await lossOf(tuned, inGap),
      gapAfter: await lossOf(special, inGap),
    })
    lab.say(`recipes: ${JSON.stringify(rounds.at(-1))}`)
  }
  engine.dispose()
  teacher.dispose()
  const trained = Object.entries(shippedRecipes).flatMap(([name, file]) => {
    const training = resolveTraining(file, 'small')
    if (!training) return []
    const { steps, sequence, learningRate } = training
    return [[name, { steps: Math.round(share * steps), sequence, learningRate }] as const]
  })
  return { corpus: leader.corpus, share, trainings: Object.fromEntries(trained), rounds }
}

/** What submitters would send next: by the rules of theirs, from seeds that nobody was trained on. */
function freshTexts(corpus: Parameters<typeof makeCorpus>[0], seed: number): Uint8Array[] {
  return Array.from({ length: TEXTS }, (_, index) => makeCorpus(corpus, BYTES, 90_000 + 100 * seed + index))
}

export const recipes: Experiment<Recipes> = {
  id: 'recipes',
  run: (lab, { seeds }) => runRecipes(lab, { seeds, share: 0.1 }),
  section({ corpus, share, trainings, rounds }) {
    type Name = Exclude<keyof Round, 'seed'>
    const of = (name: Name) => rounds.map((round) => round[name])
    const minus = (a: Name, b: Name, digits = 3) => differenceText(pairedDifference(of(a), of(b)), digits)
    const row = (recipe: string, what: string, before: Name, after: Name, digits = 3) => [
      recipe,
      what,
      meanAndSpread(of(before), digits),
      meanAndSpread(of(after), digits),
      minus(after, before, digits),
    ]
    const longer = pairedDifference(of('tuned'), of('leader'))
    const runs = Object.entries(trainings).map(
      ([name, { steps, sequence, learningRate }]) =>
        `${name} ${steps} steps at ${learningRate}, windows of ${sequence}`,
    )
    return {
      title: 'Recipes',
      what: 'The five recipes that come with the studio, read from their files and resolved for this network.',
      when: 'As a start: export one, change it, import it again.',
      setup: `As shipped, with ${figure(100 * share, 0)} % of steps and warm-up (${runs.join('; ')}). Own data is ${corpus}, seeds ${rounds.map(({ seed }) => seed).join(', ')}. Losses are on ${TEXTS} fresh texts by the submitters' rules, by the contract's window of 1,024 unless said. The last five runs of the soup are the runs of the other recipes and a second fine-tune.`,
      tables: [
        {
          caption: 'Nats per byte, and 1 − cosine for embeddings, mean ± standard deviation over seeds',
          header: ['recipe', 'figure', 'before or beside', 'after', 'difference'],
          rows: [
            row('From scratch', 'loss, from fresh weights', 'fresh', 'scratch'),
            row('Fine-tune the leader', 'loss, from the leader', 'leader', 'tuned'),
            row('Fine-tune the leader', 'the same by windows of 128', 'leaderShort', 'tunedShort'),
            row(
              'Distil the leader',
              'distance to its embedding, beside scratch',
              'scratchDistance',
              'distilDistance',
              4,
            ),
            row('Soup of my last five', 'loss, greedy beside the best alone', 'best', 'greedy'),
            row('Soup of my last five', 'loss, greedy beside uniform', 'uniform', 'greedy'),
            row('Specialise in a gap', 'loss on the largest gap', 'gapBefore', 'gapAfter'),
          ],
        },
      ],
      charts: [],
      findings: [
        `The greedy soup took ${of('taken').join(', ')} of 5 and is ${minus('greedy', 'uniform')} from the uniform soup, which mixes runs of different fresh weights.`,
        `Specialising changes the loss on the largest gap by ${minus('gapAfter', 'gapBefore')}.`,
      ],
      limits: [
        `Fine-tuning as shipped changes the loss by the contract by ${minus('tuned', 'leader')}, by windows of 128 by ${minus('tunedShort', 'leaderShort')}. ${longer.sure && longer.mean < 0 ? '' : 'On this network the shipped windows of 128 are not those of the contract: set the sequence to 512 or 1,024 before fine-tuning.'}`.trim(),
        'A tenth of the steps is far from what each recipe gives in the end; the table says in which direction each goes.',
      ],
    }
  },
}
