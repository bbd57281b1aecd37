import { createPermutation } from '../lib/permutation.ts'
import { lastNotAbove } from './window-index.ts'

/** Which window each place of the endless training stream holds; nothing is stored for it. */
export interface WindowOrder {
  /** Places of one round; a cursor counts rounds and places. */
  readonly places: number
  window(round: number, place: number): number
}

/** Every window once in each round, in an order that the seed decides. */
export function evenOrder(windows: number, seed: number): WindowOrder {
  let shuffled = { round: -1, order: (index: number) => index }
  return {
    places: windows,
    window(round, place) {
      if (shuffled.round !== round) shuffled = { round, order: createPermutation(windows, seed, round) }
      return shuffled.order(place)
    },
  }
}

/** A run of windows that share a weight. */
export interface WeightedSpan {
  readonly from: number
  readonly to: number
  /** Above 0. */
  readonly weight: number
}

/** Places of a round: shares are kept to one part in so many. */
const PLACES = 4096

/**
 * Rounds of 4,096 places, each class of windows (those of one weight) having as many of them as weight times windows
 * says, at least one; within a class every window comes once before any comes again. Which place belongs to which
 * class, and the order within a class, are decided by the seed.
 */
export function weightedOrder(spans: readonly WeightedSpan[], seed: number): WindowOrder {
  const classes = classesOf(spans)
  const mass = classes.reduce((sum, one) => sum + one.weight * one.windows, 0)
  const slots = apportion(classes.map((one) => (one.weight * one.windows) / mass))
  // starts[c] is the first slot of class c.
  const starts = new Float64Array(slots.length + 1)
  for (const [index, count] of slots.entries()) starts[index + 1] = starts[index]! + count
  const rounds = new Map<string, (index: number) => number>()
  const orderOf = (count: number, stream: number, round: number) => {
    const key = `${stream} ${round}`
    const known = rounds.get(key)
    if (known) return known
    // A few are in use at a time; old ones are cheap to make again.
    if (rounds.size > 4 * classes.length + 8) rounds.clear()
    const order = createPermutation(count, seed ^ Math.imul(stream + 1, 0x9e3779b1), round)
    rounds.set(key, order)
    return order
  }
  return {
    places: PLACES,
    window(round, place) {
      const slot = orderOf(PLACES, classes.length, round)(place)
      const at = lastNotAbove(starts, slot)
      const one = classes[at]!
      // The how-manieth place of this class since the beginning of the stream.
      const turn = round * slots[at]! + slot - starts[at]!
      const order = orderOf(one.windows, at, Math.floor(turn / one.windows))
      return one.windowAt(order(turn % one.windows))
    },
  }
}

interface WindowClass {
  readonly weight: number
  readonly windows: number
  windowAt(index: number): number
}

function classesOf(spans: readonly WeightedSpan[]): WindowClass[] {
  const byWeight = new Map<number, WeightedSpan[]>()
  for (const span of spans) {
    if (span.to > span.from) byWeight.set(span.weight, [...(byWeight.get(span.weight) ?? []), span])
  }
  return [...byWeight].map(([weight, members]) => {
    const starts = new Float64Array(members.length + 1)
    for (const [index, { from, to }] of members.entries()) starts[index + 1] = starts[index]! + to - from
    return {
      weight,
      windows: starts[members.length]!,
      windowAt(index) {
        const at = lastNotAbove(starts, index)
        return members[at]!.from + index - starts[at]!
      },
    }
  })
}

/** Whole places for each share, none of them 0, by the largest remainders. */
function apportion(shares: readonly number[]): number[] {
  const slots = shares.map((share) => Math.max(1, Math.floor(share * PLACES)))
  let left = PLACES - slots.reduce((sum, count) => sum + count, 0)
  const byRemainder = shares
    .map((share, index) => ({ index, remainder: share * PLACES - slots[index]! }))
    .sort((a, b) => b.remainder - a.remainder)
  for (let turn = 0; left > 0; turn += 1, left -= 1) slots[byRemainder[turn % shares.length]!.index]! += 1
  // Minimums of many tiny classes are taken from the largest one.
  while (left < 0) {
    const largest = slots.indexOf(Math.max(...slots))
    slots[largest]! -= 1
    left += 1
  }
  return slots
}
