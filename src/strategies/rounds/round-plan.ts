import { StudioError } from '../../lib/studio-error.ts'

/** The data by whose loss a round's checkpoint is chosen. */
export type ChooseBy =
  /** The validation side of the run's own data. */
  | { readonly kind: 'validation' }
  /** The newest filled targets of the network, at most so many. */
  | { readonly kind: 'targets'; readonly limit: number }
  /** The filled targets nearest to a place in embedding space. */
  | {
      readonly kind: 'region'
      readonly label: string
      readonly centre: readonly number[]
      readonly limit: number
    }

export interface RoundPlan {
  /** Rounds to do; 0 goes on until it is stopped. */
  readonly rounds: number
  /** Optimizer steps of a round. */
  readonly steps: number
  /** Checkpoints of a round among which the best is chosen. */
  readonly checkpoints: number
  readonly chooseBy: ChooseBy
  /** Publish only what lowers the contract loss on the chosen data by more than this; 0 publishes any improvement. */
  readonly improvement: number
  /** Publish the best of every round, better or not; false if absent. */
  readonly publishWorse?: boolean
  /** 'each' asks before every signature; 'never' only where the account is a practice one. */
  readonly confirm: 'each' | 'never'
}

/** What the plan trains and whom it publishes for, fixed when it is approved. */
export interface RoundSubject {
  /** Where it publishes; see `placeOf`. */
  readonly place: string
  readonly placeName: string
  /** Null for worlds. */
  readonly chainId: string | null
  /** The account that signs. */
  readonly address: string
  readonly runId: string
  readonly runName: string
  /** The plan begins the run; otherwise it goes on with one. */
  readonly isNew: boolean
  /** The model that is updated; null creates one in the first round. */
  readonly modelId: string | null
  /** The weights of that model cannot be read, so that no round is compared with them. */
  readonly uncompared?: true
  /** The trained weights that the first round begins with, in words; absent from fresh ones, which nobody competes with. */
  readonly startsFrom?: string
}

/** Most checkpoints of a round: each is a whole copy of the weights on this device. */
export const MOST_CHECKPOINTS = 4

/** What the numbers of a plan may be; form and check read the same table. */
export const planBounds = {
  rounds: { label: 'Rounds', min: 0, max: 10_000 },
  steps: { label: 'Steps of a round', min: 1, max: 1_000_000 },
  checkpoints: { label: 'Checkpoints to choose from', min: 1, max: MOST_CHECKPOINTS },
} as const

/** Throws 'bad-input' that names the first number that cannot be. */
export function checkPlan(plan: RoundPlan): void {
  for (const [name, { label, min, max }] of Object.entries(planBounds)) {
    const value = plan[name as keyof typeof planBounds]
    if (Number.isInteger(value) && value >= min && value <= max) continue
    throw new StudioError('bad-input', `${label}: ${value} is not a whole number from ${min} to ${max}.`)
  }
  if (plan.checkpoints > plan.steps) {
    throw new StudioError('bad-input', `${plan.steps} steps have no ${plan.checkpoints} checkpoints.`, {
      hint: 'Choose among fewer checkpoints, or train more steps in a round.',
    })
  }
  if (!(plan.improvement >= 0)) {
    throw new StudioError('bad-input', 'The improvement that is asked for is below 0.')
  }
}
