import { makeCorpus } from '../../src/practice/players/corpora.ts'
import { cosineDistance } from '../../src/strategies/cosine-distance.ts'
import { genesisEmbedding } from '../../src/strategies/genesis-embedding.ts'
import { soupWeights } from '../../src/strategies/merge/merged-weights.ts'
import { loadWeights, type WeightsReader } from '../../src/strategies/merge/weights-reader.ts'
import { shippedRecipes } from '../../src/strategies/recipes/shipped-recipes.ts'
import { resolveTraining, type StrategyRecipe } from '../../src/strategies/recipes/strategy-recipe.ts'
import type { Recipe } from '../../src/train/recipe.ts'
import { ownData } from './fine-tuning.ts'
import type { Lab } from './lab.ts'
import { lossOn } from './loss-on.ts'
import { lowered, openRecipeStudio } from './recipe-studio.ts'
import { differenceText, type Experiment, figure, meanAndSpread } from './section.ts'
import { shared } from './shared.ts'
import { pairedDifference, spreadOf } from './statistics.ts'

/** What each recipe's description promises, before or beside and after, on fresh texts that nobody was trained on. */
interface Round {
  readonly seed: number
  /** Loss on own kind of data by the contract's window, nats per byte. */
  readonly fresh: number
  readonly scratch: number
  readonly leader: number
  readonly tuned: number
  /** 1 - cosine to the leader's embedding; untaught: the same recipe without its teacher. */
  readonly untaughtDistance: number
  readonly distilDistance: number
  /** Loss of the last five: their mean, the best of them, and the greedy and the uniform soup of them. */
  readonly meanOfFive: number
  readonly best: number
  readonly greedy: number
  readonly uniform: number
  readonly taken: number
  /** Kind of data in the region of the largest gap, targets there, and loss on such data before and after. */
  readonly gap: string
  readonly ofGap: number
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
const LAST = 5

interface Options {
  readonly seeds: readonly number[]
  readonly share: number
}

/** An engine to measure with, and a studio with own data of the leader's kind. */
async function openRound(lab: Lab) {
  const leader = lab.rivals[0]!
  const engine = lab.openEngine()
  const studio = await openRecipeStudio(lab)
  return {
    leader,
    engine,
    studio,
    begin(seed: number) {
      const { name, bytes } = ownData(leader.corpus, seed)
      studio.setOwn([{ name: `${name}.txt`, origin: 'file', data: new Blob([bytes.slice()]) }])
    },
    /** By the contract's window, nats per byte. */
    async lossOf(weights: WeightsReader, texts: readonly Uint8Array[]) {
      await loadWeights(engine, weights)
      return lossOn(engine, texts, 1024)
    },
  }
}

/** What fine-tuning the leader as shipped, for a share of its steps, takes off the leader's loss, by seed. */
export async function runRecipeOfLeader(lab: Lab, { seeds, share }: Options): Promise<readonly number[]> {
  const { leader, engine, studio, begin, lossOf } = await openRound(lab)
  const gains: number[] = []
  for (const seed of seeds) {
    begin(seed)
    const own = freshTexts(leader.corpus, seed)
    const tuned = await studio.run(lowered(shippedRecipes['fine-tune-the-leader'], { share, seed }))
    gains.push((await lossOf(leader.weights, own)) - (await lossOf(tuned, own)))
  }
  engine.dispose()
  return gains
}

/** The shipped recipes on the small network by the studio's own actions, as they are except for seeds and a share of their steps. */
export async function runRecipes(lab: Lab, options: Options): Promise<Recipes> {
  const { share } = options
  const { leader, engine, studio, begin, lossOf } = await openRound(lab)
  const rounds: Round[] = []
  for (const seed of options.seeds) {
    begin(seed)
    const run = (file: StrategyRecipe, of = seed) => studio.run(lowered(file, { share, seed: of }))
    const { distillation: _, ...untaughtRecipe } = shippedRecipes['distil-the-leader']
    const scratch = await run(shippedRecipes['from-scratch'])
    const untaught = await run(untaughtRecipe)
    const distilled = await run(shippedRecipes['distil-the-leader'])
    await run(shippedRecipes['fine-tune-the-leader'], seed + 50)
    const tuned = await run(shippedRecipes['fine-tune-the-leader'])
    const special = await run(shippedRecipes['specialise-in-a-gap'])
    const ofGap = studio.targets()
    const five = await studio.newest(LAST)
    const greedy = await studio.run(shippedRecipes['soup-of-my-last-five'])

    const own = freshTexts(leader.corpus, seed)
    const gap = kindOf(lab, ofGap)
    const inGap = freshTexts(gap, seed)
    const embeddingOf = async (weights: WeightsReader) => {
      await loadWeights(engine, weights)
      return (await genesisEmbedding(engine, own)).embedding
    }
    const goal = await embeddingOf(leader.weights)
    const alone: number[] = []
    for (const weights of five) alone.push(await lossOf(weights, own))
    const { mean, least } = spreadOf(alone)
    await engine.initialise(seed)
    rounds.push({
      seed,
      fresh: await lossOn(engine, own, 1024),
      scratch: await lossOf(scratch, own),
      leader: await lossOf(leader.weights, own),
      tuned: await lossOf(tuned, own),
      untaughtDistance: cosineDistance(await embeddingOf(untaught), goal),
      distilDistance: cosineDistance(await embeddingOf(distilled), goal),
      meanOfFive: mean,
      best: least,
      greedy: await lossOf(greedy, own),
      uniform: await lossOf(soupWeights(five), own),
      taken: studio.taken().taken,
      gap,
      ofGap: ofGap.length,
      gapBefore: await lossOf(tuned, inGap),
      gapAfter: await lossOf(special, inGap),
    })
    lab.say(`recipes: ${JSON.stringify(rounds.at(-1))}`)
  }
  engine.dispose()
  const trained = Object.entries(shippedRecipes).flatMap(([name, file]) => {
    const training = resolveTraining(lowered(file, { share, seed: 0 }), 'small')
    if (!training) return []
    const { steps, sequence, learningRate } = training
    return [[name, { steps, sequence, learningRate }] as const]
  })
  return { corpus: leader.corpus, share, trainings: Object.fromEntries(trained), rounds }
}

/** Of the steps of each recipe. */
export const SHARE = 0.05

export const recipesOf = shared((lab, seeds) => runRecipes(lab, { seeds, share: SHARE }))

/** The kind of data that most of these targets were filled with. */
function kindOf(lab: Lab, targets: readonly string[]) {
  const kinds = lab.submissions
    .filter(({ targetId }) => targets.includes(targetId))
    .map(({ corpus }) => corpus)
  const count = (kind: string) => kinds.filter((one) => one === kind).length
  return [...kinds].sort((a, b) => count(b) - count(a))[0]!
}

/** What submitters would send next: by the rules of theirs, from seeds that nobody was trained on. */
function freshTexts(corpus: Parameters<typeof makeCorpus>[0], seed: number): Uint8Array[] {
  return Array.from({ length: TEXTS }, (_, index) => makeCorpus(corpus, BYTES, 90_000 + 100 * seed + index))
}

export const recipes: Experiment<Recipes> = {
  id: 'recipes',
  run: (lab, { seeds }) => recipesOf(lab, seeds),
  section({ corpus, share, trainings, rounds }) {
    type Name = Exclude<keyof Round, 'seed' | 'gap'>
    const of = (name: Name) => rounds.map((round) => round[name])
    const minus = (a: Name, b: Name, digits = 3) => differenceText(pairedDifference(of(a), of(b)), digits)
    const row = (recipe: string, what: string, before: Name, after: Name, digits = 3) => [
      recipe,
      what,
      meanAndSpread(of(before), digits),
      meanAndSpread(of(after), digits),
      minus(after, before, digits),
    ]
    const runs = Object.entries(trainings).map(
      ([name, { steps, sequence, learningRate }]) =>
        `${name} ${steps} steps at ${learningRate}, windows of ${sequence}`,
    )
    const gaps = rounds.map(({ gap, ofGap }) => `${gap}, ${ofGap} targets`)
    const beside = pairedDifference(of('greedy'), of('best'))
    return {
      title: 'Recipes',
      what: 'The five recipes that come with the studio, read from their files and run by the studio’s own actions, stores and trainer, as a click on Run does it.',
      when: 'As a start: export one, change it, import it again.',
      setup: `As shipped, with ${figure(100 * share, 0)} % of steps and warm-up (${runs.join('; ')}). Own data is a file of 48 KiB of ${corpus}; seeds ${rounds.map(({ seed }) => seed).join(', ')} choose it, its order and fresh weights. Losses are on ${TEXTS} fresh texts by the submitters' rules, by the contract's window of 1,024. Without its teacher the recipe that distils is the same but for that. What is specialised is the fine-tune before it. The last five are that, two fine-tunes, the student and the one without a teacher.`,
      tables: [
        {
          caption: 'Nats per byte, and 1 − cosine for embeddings, mean ± standard deviation over seeds',
          header: ['recipe', 'figure', 'before or beside', 'after', 'difference'],
          rows: [
            row('From scratch', 'loss, from fresh weights', 'fresh', 'scratch'),
            row('Fine-tune the leader', 'loss, from the leader', 'leader', 'tuned'),
            row(
              'Distil the leader',
              'distance to its embedding, beside no teacher',
              'untaughtDistance',
              'distilDistance',
              4,
            ),
            row('Soup of my last five', 'loss, beside the mean of the five', 'meanOfFive', 'greedy'),
            row('Soup of my last five', 'loss, beside the best of the five', 'best', 'greedy'),
            row('Soup of my last five', 'loss, beside their uniform soup', 'uniform', 'greedy'),
            row('Specialise in a gap', 'loss on the largest gap', 'gapBefore', 'gapAfter'),
          ],
        },
      ],
      charts: [],
      findings: [
        `Fine-tuning as shipped changes the leader's loss by ${minus('tuned', 'leader')}.`,
        `The soup took ${of('taken').join(', ')} of ${LAST}.`,
        `The largest gap was ${[...new Set(gaps)].join('; ')}.`,
      ],
      limits: [
        `The soup minus the best of the five: ${minus('greedy', 'best')}. ${beside.sure && beside.mean < 0 ? 'It was better than any of them.' : 'It saves the choice, and is not shown to be more than that.'} Two of the five began with fresh weights and are as far from the others as strangers.`,
        'What specialises has half of its training from the gap. With a mean weight of 2 instead, as it shipped before, three submissions beside 48 KiB of own data changed next to nothing: from the leader, seed 2, the loss on the gap went from 8.092 to 8.088, with half to 7.707; own data cost 0.13 for that (2.425 against 2.293).',
        'A twentieth of the steps is far from what each recipe gives in the end; the table says in which direction each goes.',
      ],
    }
  },
}
