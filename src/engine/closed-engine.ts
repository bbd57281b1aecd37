import { StudioError } from '../lib/studio-error.ts'

/** What every use of an engine throws after its dispose: zeros in place of weights would look like a model. */
export function closedEngine(): StudioError {
  return new StudioError('internal', 'This engine has been closed; its weights are gone from the device.', {
    hint: 'Open the run again from its checkpoint.',
  })
}
