import { gainOf, middleCost, runAveraging } from './averaging.ts'
import { lastOf, runDistilling } from './distilling.ts'
import { endsOf, runFineTuning } from './fine-tuning.ts'
import type { Lab } from './lab.ts'
import { runGenesis } from './placing-genesis.ts'
import { leadOf, runPlantedGap } from './planted-gap.ts'
import { runSoups } from './soups.ts'
import { runSpecialising } from './specialising.ts'
import { nearerBySeed, runUpdating } from './updating.ts'

/** What a strategy does, as one figure a seed, in a run that is short enough for a test. Above 0 it works. */
export interface Effect {
  readonly id: string
  readonly claim: string
  readonly unit: string
  /** What each value must exceed: several times the spread over seeds, which `npm run strategies` measures. */
  readonly margin: number
  /** Seeds of the test. */
  readonly tested: readonly number[]
  /** Seeds, others than the test's too, over which the spread is measured. */
  readonly measured: readonly number[]
  /** One value for each seed. */
  values(lab: Lab, seeds: readonly number[]): Promise<readonly number[]>
}

const SIX = [1, 2, 3, 4, 5, 6]

export const effects: readonly Effect[] = [
  {
    id: 'fine-tuning',
    claim: 'Eight steps from the leader end below the leader on held-out data of its region',
    unit: 'nats per byte',
    margin: 0.2,
    tested: [1, 2],
    measured: SIX,
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
    tested: [1],
    measured: SIX,
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
    tested: [1],
    measured: SIX,
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
    tested: [1],
    measured: SIX,
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
    tested: [2],
    measured: SIX,
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
    tested: [1],
    measured: SIX,
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
    tested: [1],
    measured: SIX,
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
    tested: [1, 2],
    measured: SIX,
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
    tested: [1, 2],
    measured: SIX,
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
    tested: [1],
    measured: SIX,
    async values(lab, seeds) {
      const size = { steps: 60, epochs: 2, submissions: 24, perRegion: 1, control: false }
      const { untouched, specialised } = await runSpecialising(lab, { ...size, seeds })
      return specialised.map(({ all }) => all - untouched.all)
    },
  },
]
