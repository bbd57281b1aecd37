import { StudioError } from '../../../lib/studio-error.ts'
import type { createPublishStore } from '../../publish-store.ts'
import type { Stores } from '../../studio.ts'
import type { PublishActions } from '../publish-actions.ts'

/**
 * Runs a job of the Publish wizard for a plan. Without a question, it answers the reviews of this draft itself, as long as
 * each of their checks matches; else it brings each review to the screen.
 */
export async function signForPlan(
  {
    publish,
    view,
  }: { readonly publish: ReturnType<typeof createPublishStore>; readonly view: Stores['view'] },
  { sign, closeWizard }: Pick<PublishActions, 'sign' | 'closeWizard'>,
  { draftId, asks }: { readonly draftId: string; readonly asks: boolean },
  job: () => Promise<void>,
): Promise<void> {
  let refusal: string | undefined
  const answer = () => {
    const { wizard } = publish.getState()
    if (wizard?.draftId !== draftId || !wizard.review || wizard.signing) return
    const { checks, simulated } = wizard.review
    refusal = simulated.ok ? checks.find(({ matches }) => !matches)?.label : 'The simulation'
    if (refusal === undefined) void sign()
    else closeWizard()
  }
  const stop = publish.subscribe(({ wizard }, before) => {
    if (!wizard || wizard.draftId !== draftId) return
    const asksForHost = wizard.hosting !== null && !before.wizard?.hosting
    const isReviewed = wizard.review !== null && wizard.review !== before.wizard?.review
    if (!asksForHost && !isReviewed) return
    if (asks) view.setState({ screen: 'publish' })
    // The wizard waits for an answer right after it has shown the review.
    else queueMicrotask(answer)
  })
  try {
    await job()
  } finally {
    stop()
  }
  if (refusal === undefined) return
  throw new StudioError('refused', `${refusal} does not match what is on this device.`, {
    hint: 'Nothing was signed. Open the model on the Publish screen to see the review.',
  })
}
