import { type Rival, readable } from './rivals.ts'

/**
 * Where the best of mine stands on my data by the network's contract: against the leader, and against the lowest loss of
 * all others. `rivals` come with the leader first; `mayKnow` tells which of mine may have been trained on what is
 * measured and so are not looked at. Null until one of mine and one of the others is measured.
 */
export function ownStanding(
  rivals: readonly Rival[],
  mayKnow: (rival: Rival) => boolean = () => false,
): string | null {
  const leader = rivals.find((one) => 'model' in one.of && readable(one))
  const mine = lowest(rivals.filter((one) => one.isMine && !mayKnow(one)))
  const first = lowest(rivals.filter((one) => !one.isMine && readable(one)))
  if (!leader || !mine || !first) return null
  const best = `${mine.name}, your best here,`
  const lowestWords = (subject: string) =>
    `${subject} is ${against(mine, first)}, the lowest of the others on this data.`
  if (leader.isMine) return `${leader.name}, the leader, is yours. ${lowestWords(best)}`
  const toLeader = leader.score ? [`${best} is ${against(mine, leader)}, the leader.`] : []
  const toFirst = leader.id === first.id ? [] : [lowestWords(leader.score ? 'It' : best)]
  return [...toLeader, ...toFirst].join(' ')
}

function against(mine: Rival, other: Rival): string {
  const by = mine.score!.loss - other.score!.loss
  if (by === 0) return `level with ${other.name}`
  return `${Math.abs(by).toFixed(4)} ${by < 0 ? 'below' : 'above'} ${other.name}`
}

function lowest(rivals: readonly Rival[]): Rival | undefined {
  const measured = rivals.filter(({ score }) => score)
  return measured.reduce<Rival | undefined>(
    (a, b) => (a && a.score!.loss <= b.score!.loss ? a : b),
    undefined,
  )
}
