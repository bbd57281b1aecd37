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
  { sign }: Pick<PublishActions, 'sign'>,
  { draftId, asks }: { readonly draftId: string; readonly asks: boolean },
  job: () => Promise<void>,
): Promise<void> {
  const answer = () => {
    const { wizard } = publish.getState()
    if (wizard?.draftId !== draftId || !wizard.review || wizard.signing) return
    const { checks, simulated } = wizard.review
    if (simulated.ok && checks.every(({ matches }) => matches)) void sign()
  }
  const stop = publish.subscribe(({ wizard }, before) => {
    if (!wizard?.review || wizard.draftId !== draftId || wizard.review === before.wizard?.review) return
    if (asks) view.setState({ screen: 'publish' })
    // The wizard waits for an answer right after it has shown the review.
    else queueMicrotask(answer)
  })
  try {
    await job()
  } finally {
    stop()
  }
}
