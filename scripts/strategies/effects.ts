import { gainOf, middleCost, runAveraging } from './averaging.ts'
import { dataGain, leadOfOwn, runCompetitors } from './competitors.ts'
import { lastOf, runDistilling } from './distilling.ts'
import { endsOf, runFineTuning } from './fine-tuning.ts'
import type { Lab } from './lab.ts'
import { gainsOf, runPlacing } from './placing.ts'
import { runGenesis } from './placing-genesis.ts'
import { leadOf, runPlantedGap } from './planted-gap.ts'
import { recipesOf, runRecipeOfLeader, SHARE } from './recipes.ts'
import { runRoundsOf } from './rounds.ts'
import { runRouting } from './routing.ts'
import { bothGain, runSeveralTeachers } from './several-teachers.ts'
import { shared } from './shared.ts'
import { runSoups } from './soups.ts'
import { runForetelling, runSpecialising } from './specialising.ts'
import { runTaskVectors, vectorGain } from './task-vectors.ts'
import { nearerBySeed, runUpdating } from './updating.ts'

/** What a strategy does, as one figure a seed, in a run that is short enough for a test. Above 0 it works. */
export interface Effect {
  readonly id: string
  readonly claim: string
  readonly unit: string
  /** What each value must exceed: set by a look at seeds from 1 to 6, of recipes 1 to 3, then held against seeds that nobody had looked at. */
  readonly margin: number
  /** Seeds of the test; none where this run is no part of `npm test`. */
  readonly tested: readonly number[]
  /** What asserts it in `npm test` in the place of this run: an end to end test, or null where its run takes too long. */
  readonly through?: string | null
  /** One value for each seed. */
  values(lab: Lab, seeds: readonly number[]): Promise<readonly number[]>
}

/** What needs no engine; tested in Node by placing.test.ts and routing.test.ts. */
export const placingEffects: readonly Effect[] = [
  {
    id: 'placing',
    claim: 'A sparse region is assigned more targets than a crowded one by the practice network’s core',
    unit: 'percentage points of the targets',
    margin: 15,
    tested: [1],
    async values(lab, seeds) {
      const made = await runPlacing(lab, { seeds, crowd: 8, targets: 2000, epochs: 6 })
      return gainsOf(made).map(({ real }) => real)
    },
  },
  {
    id: 'routing',
    claim: 'The forecast is right: at each of three places and stakes its share differs by less than eight',
    unit: 'eight percentage points minus the largest difference',
    margin: 0,
    tested: [1],
    async values(lab, seeds) {
      const left: number[] = []
      for (const seed of seeds) {
        const { checks } = await runRouting(lab, { targets: 2000, epochs: 8, seed, checks: ROUTED })
        const off = checks.map(({ forecast, real }) => 100 * Math.abs(forecast.share - real.share))
        left.push(8 - Math.max(...off))
      }
      return left
    },
  },
]

/** Positions on the arc and stakes in SOMA. */
export const ROUTED = [
  [0, 1],
  [8, 1],
  [4, 16],
] as const

/** What needs an engine; tested in Chromium by effects.browser.test.ts where nothing else is named. */
export const effects: readonly Effect[] = [
  {
    id: 'fine-tuning',
    claim: 'Eight steps from the leader end below the leader on held-out data of its region',
    unit: 'nats per byte',
    margin: 0.2,
    tested: [],
    through: 'strategy-effects.spec',
    async values(lab, seeds) {
      const { leaderLoss, curves } = await runFineTuning(lab, { seeds, steps: 8, arms: ['leader'] })
      return endsOf(curves.leader).map((loss) => leaderLoss - loss)
    },
  },
  {
    id: 'distillation',
    claim: 'Twelve steps with a teacher bring the embedding nearer to it than twelve alone',
    unit: 'natural logarithm of the ratio of distances',
    margin: 1.5,
    tested: [],
    through: 'strategy-weights.spec',
    async values(lab, seeds) {
      const { curves } = await runDistilling(lab, { seeds, steps: 12, points: 1, arms: ['alone', 'strong'] })
      const near = lastOf(curves.strong, 'distance')
      return lastOf(curves.alone, 'distance').map((alone, index) => Math.log(alone / near[index]!))
    },
  },
  {
    id: 'predictions',
    claim: 'Distilled predictions are nearer to the teacher’s than those of a distilled embedding',
    unit: 'nats per position (KL)',
    margin: 0.19,
    tested: [],
    through: 'strategy-weights.spec',
    async values(lab, seeds) {
      const { curves } = await runDistilling(lab, {
        seeds,
        steps: 24,
        points: 1,
        arms: ['embedding', 'mostly'],
      })
      const near = lastOf(curves.mostly, 'divergence')
      return lastOf(curves.embedding, 'divergence').map((far, index) => far - near[index]!)
    },
  },
  {
    id: 'averaging',
    claim: 'The best beta between relatives is below both ends on the mean of both data',
    unit: 'nats per byte',
    margin: 0.2,
    tested: [],
    through: 'strategy-weights.spec',
    async values(lab, seeds) {
      const { related } = await runAveraging(lab, { seeds, steps: 40, betas: [0, 0.4, 1] })
      return related.map(({ points }) => gainOf(points))
    },
  },
  {
    id: 'strangers',
    claim: 'Halfway between strangers more is lost than halfway between relatives',
    unit: 'nats per byte',
    margin: 1.5,
    tested: [],
    through: 'strategy-weights.spec',
    async values(lab, seeds) {
      const { related, stranger } = await runAveraging(lab, { seeds, steps: 12, betas: [0, 0.5, 1] })
      const far = middleCost(stranger.sweep.points)
      return related.map(({ points }) => far - middleCost(points))
    },
  },
  {
    id: 'soups',
    claim: 'A greedy soup of two fine-tunes and a stranger is below the uniform one',
    unit: 'nats per byte',
    margin: 1,
    tested: [],
    through: 'strategy-weights.spec',
    async values(lab, seeds) {
      const gains: number[] = []
      for (const seed of seeds) {
        const { test } = await runSoups(lab, { seeds: [seed, seed + 100], steps: 8 })
        gains.push(test.withStranger - test.greedy)
      }
      return gains
    },
  },
  {
    id: 'gaps',
    claim: 'The kind of data that was left out is named as the largest gap, ahead of the next',
    unit: 'nats per byte',
    margin: 1.5,
    tested: [],
    through: 'strategy-embedding.spec',
    async values(lab, seeds) {
      const { cases } = await runPlantedGap(lab, {
        seeds,
        steps: 20,
        perRegion: 2,
        planted: ['measurements'],
      })
      return cases.map(leadOf)
    },
  },
  {
    id: 'genesis',
    claim:
      'At its genesis embedding a model is asked by more of the targets near its data than in random directions',
    unit: 'percentage points of those targets',
    margin: 25,
    tested: [],
    through: 'strategy-update.spec',
    async values(lab, seeds) {
      const { rounds } = await runGenesis(lab, { seeds, windows: [8], targets: 2000, heldOut: 6 })
      return rounds.map(({ asked }) => 100 * (asked.genesis - asked.random))
    },
  },
  {
    id: 'updating',
    claim: 'An embedding of won data is nearer than the one in force to won data that it was not made from',
    unit: 'natural logarithm of the ratio of distances',
    margin: 0.3,
    tested: [],
    through: 'strategy-update.spec',
    async values(lab, seeds) {
      return nearerBySeed(
        await runUpdating(lab, { epochs: 0, submissions: 0, targets: 500, models: 4, seeds }),
      )
    },
  },
  {
    id: 'specialising',
    claim:
      'Trained on its gap and published, a copy of the leader wins targets, where untouched it wins none',
    unit: 'wins of two epochs',
    margin: 5,
    tested: [],
    through: 'strategy-effects.spec',
    async values(lab, seeds) {
      const { untouched, specialised } = await runSpecialising(lab, {
        seeds,
        steps: 60,
        epochs: 2,
        submissions: 24,
        perRegion: 1,
        targets: 0,
        predictedBy: 0,
        control: false,
      })
      return specialised.map(({ all }) => all - untouched.all)
    },
  },
  {
    id: 'forecast-wins',
    claim:
      'The forecast gives the specialised model a larger share of wins than the untouched one, before either plays',
    unit: 'percentage points of what it is asked',
    margin: 20,
    tested: [1],
    async values(lab, seeds) {
      const size = { steps: 40, perRegion: 1, targets: 1000, predictedBy: 2 }
      const { untouched, specialised } = await runForetelling(lab, { seeds, ...size })
      return specialised.map(({ low }) => 100 * (low - untouched.high))
    },
  },
  {
    id: 'competitors',
    claim: 'Of the downloaded weights those trained on a kind of data lead on it, whatever the kind',
    unit: 'nats per byte',
    margin: 2.5,
    tested: [],
    through: 'strategy-effects.spec',
    async values(lab, seeds) {
      const { rounds, trainedOn } = await runCompetitors(lab, { seeds, steps: 0 })
      return rounds.map((round) => leadOfOwn(round, trainedOn))
    },
  },
  {
    id: 'region-data',
    claim: 'Half of a sparse region’s data lowers the loss on its other half below that of own data alone',
    unit: 'nats per byte',
    margin: 1,
    tested: [],
    through: 'strategy-embedding.spec',
    async values(lab, seeds) {
      const { rounds } = await runCompetitors(lab, { seeds, steps: 20 })
      return rounds.map(dataGain)
    },
  },
  {
    id: 'task-arithmetic',
    claim: 'What a relative learned of its kind of data, added to mine, lowers the loss on that kind',
    unit: 'nats per byte',
    margin: 0.2,
    tested: [],
    through: 'strategy-weights.spec',
    async values(lab, seeds) {
      const { rounds } = await runTaskVectors(lab, { seeds, steps: 16, scales: [0, 1] })
      return rounds.map(vectorGain)
    },
  },
  {
    id: 'several-teachers',
    claim: 'Two teachers bring a student nearer to the mean of their embeddings than one does',
    unit: 'natural logarithm of the ratio of distances',
    margin: 1,
    tested: [],
    through: 'strategy-weights.spec',
    async values(lab, seeds) {
      const { rounds } = await runSeveralTeachers(lab, { seeds, steps: 12, arms: ['first', 'both'] })
      return rounds.map(bothGain)
    },
  },
  {
    id: 'rounds',
    claim: 'What two rounds of eight steps put in force on the network is below what they began with',
    unit: 'nats per byte',
    margin: 2,
    tested: [],
    through: 'rounds.spec',
    async values(lab, seeds) {
      const { leaderLoss, cases } = await inRounds(lab, seeds)
      return cases.map(({ toward }) => leaderLoss - toward.inForce)
    },
  },
  {
    id: 'rounds-choice',
    claim: 'Trained away from the data that they choose by, rounds keep what is below their last checkpoint',
    unit: 'nats per byte',
    margin: 1.2,
    tested: [],
    through: 'rounds.spec',
    async values(lab, seeds) {
      const { cases } = await inRounds(lab, seeds)
      return cases.map(({ away }) => away.last - away.inForce)
    },
  },
  {
    id: 'recipe-fine-tuning',
    claim:
      'The recipe “Fine-tune the leader”, at a twentieth of its steps, ends below the leader on data of its kind',
    unit: 'nats per byte',
    margin: 0.15,
    tested: [],
    through: 'strategy-embedding.spec',
    values: (lab, seeds) => runRecipeOfLeader(lab, { seeds, share: SHARE }),
  },
  {
    id: 'recipe-distilling',
    claim:
      'The recipe “Distil the leader”, at a twentieth of its steps, ends nearer to its embedding than without a teacher',
    unit: 'natural logarithm of the ratio of distances',
    margin: 0.5,
    tested: [],
    through: null,
    async values(lab, seeds) {
      const { rounds } = await recipesOf(lab, seeds)
      return rounds.map((round) => Math.log(round.untaughtDistance / round.distilDistance))
    },
  },
  {
    id: 'recipe-soup',
    claim: 'The recipe “Soup of my last five” makes what is below the mean of the five',
    unit: 'nats per byte',
    margin: 0.5,
    tested: [],
    through: null,
    async values(lab, seeds) {
      const { rounds } = await recipesOf(lab, seeds)
      return rounds.map(({ meanOfFive, greedy }) => meanOfFive - greedy)
    },
  },
  {
    id: 'recipe-specialising',
    claim:
      'The recipe “Specialise in a gap”, at a twentieth of its steps, lowers the loss on data of the gap',
    unit: 'nats per byte',
    margin: 0.2,
    tested: [],
    through: null,
    async values(lab, seeds) {
      const { rounds } = await recipesOf(lab, seeds)
      return rounds.map(({ gapBefore, gapAfter }) => gapBefore - gapAfter)
    },
  },
]

const inRounds = shared((lab, seeds) =>
  runRoundsOf(lab, { seeds, rounds: 2, steps: 8, epochs: 0, submissions: 0 }),
)
