import type { Scorer } from '../../practice/core/score-submission.ts'

/** A scorer whose jobs take turns, since an engine holds one model: those of the players and of the user. */
export function oneAtATime(scorer: Scorer): Scorer {
  let last: Promise<unknown> = Promise.resolve()
  return (...job) => {
    const mine = last.then(() => scorer(...job))
    last = mine.catch(() => undefined)
    return mine
  }
}
