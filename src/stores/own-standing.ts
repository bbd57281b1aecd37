import { type Rival, readable } from './rivals.ts'

/**
 * Where the best of mine stands on my data by the network's contract: against the leader, and against the lowest loss of
 * all others. `rivals` come with the leader first. Null until one of mine and one of the others is measured.
 */
export function ownStanding(rivals: readonly Rival[]): string | null {
  const others = rivals.filter((one) => !one.isMine && readable(one))
  const mine = lowest(rivals.filter(({ isMine }) => isMine))
  const first = lowest(others)
  if (!mine || !first) return null
  const leader = others[0]!
  const sentences = [
    ...(leader.score ? [`${mine.name}, your best here, is ${against(mine, leader)}, the leader.`] : []),
    ...(leader.id === first.id
      ? []
      : [
          `${leader.score ? 'It' : `${mine.name}, your best here,`} is ${against(mine, first)}, the lowest of the others on this data.`,
        ]),
  ]
  return sentences.join(' ')
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
