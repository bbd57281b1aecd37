import { isBusy } from '../train/phase.ts'
import type { Stores } from './studio.ts'

type Watched = 'run' | 'strategy' | 'benchmark' | 'selfCheck' | 'tuning' | 'rounds' | 'signing' | 'publish'

/** Whether a reload would break something off: training, measuring, a plan of rounds, or what is to be signed. */
export function isAtWork(stores: Pick<Stores, Watched>): boolean {
  const { wizard } = stores.publish.getState()
  const { request, prompt } = stores.signing.getState()
  return (
    isBusy(stores.run.getState().phase) ||
    stores.strategy.getState().job !== null ||
    stores.benchmark.getState().status === 'running' ||
    stores.selfCheck.getState().status === 'running' ||
    stores.tuning.getState().status === 'running' ||
    stores.rounds.getState().running ||
    (wizard !== null && wizard.receipt === null) ||
    (request !== null && request.stage !== 'receipt') ||
    prompt !== null
  )
}
