import { StudioError } from '../../lib/studio-error.ts'
import type { HostChoice } from '../blob-host.ts'
import type { createPublishStore, Wizard } from '../publish-store.ts'

/** One walk through the wizard: what it may still change on screen, and how it learns that it is over. */
export interface WizardPass {
  readonly signal: AbortSignal
  /** Changes the wizard, unless another pass owns it by now. */
  edit(change: Partial<Wizard>): void
  /** Shows the review and resolves when the person answers: true to sign. */
  answer(): Promise<boolean>
  /** Resolves with the host that the person chooses; null when the pass ends. */
  choose(): Promise<HostChoice | null>
}

export interface WizardPasses {
  /** Ends the pass before it, waits for its last step, then runs `job`; failures stay on its screen. */
  run(stage: Wizard['stage'], draftId: string | null, job: (pass: WizardPass) => Promise<void>): Promise<void>
  /** Answers the review on screen. */
  sign(): void
  /** Answers where the file goes. */
  choose(choice: HostChoice): void
  /** Ends the pass on screen and closes the wizard; not while a signature is on its way. */
  close(): void
}

const freshWizard = (stage: Wizard['stage'], draftId: string | null): Wizard => ({
  stage,
  draftId,
  hosting: null,
  review: null,
  receipt: null,
  signing: false,
  progress: null,
  error: null,
})

/** `onEnd` is told when a pass is ended from outside, to stop what it set going elsewhere. */
export function createWizardPasses(
  publish: ReturnType<typeof createPublishStore>,
  onEnd: () => void,
): WizardPasses {
  let current: AbortController | undefined
  let last: Promise<void> = Promise.resolve()
  let reply: ((sign: boolean) => void) | undefined
  let replyHost: ((choice: HostChoice | null) => void) | undefined

  function end() {
    if (!current) return
    current.abort()
    current = undefined
    reply?.(false)
    replyHost?.(null)
    onEnd()
  }

  async function walk(
    mine: AbortController,
    before: Promise<void>,
    stage: Wizard['stage'],
    draftId: string | null,
    job: (pass: WizardPass) => Promise<void>,
  ) {
    await before
    if (mine.signal.aborted) return
    publish.setState({ wizard: freshWizard(stage, draftId) })
    const edit = (change: Partial<Wizard>) => {
      if (current !== mine) return
      publish.setState(({ wizard }) => ({ wizard: wizard && { ...wizard, ...change } }))
    }
    const answer = () =>
      new Promise<boolean>((resolve) => {
        if (mine.signal.aborted) return resolve(false)
        reply = (sign) => {
          reply = undefined
          resolve(sign)
        }
      })
    const choose = () =>
      new Promise<HostChoice | null>((resolve) => {
        if (mine.signal.aborted) return resolve(null)
        replyHost = (choice) => {
          replyHost = undefined
          resolve(choice)
        }
      })
    try {
      await job({ signal: mine.signal, edit, answer, choose })
    } catch (error) {
      const failure = StudioError.from(error)
      if (current !== mine) return
      if (failure.code === 'cancelled') publish.setState({ wizard: null })
      else edit({ error: failure.serialise(), signing: false, progress: null })
    }
  }

  return {
    run(stage, draftId, job) {
      if (publish.getState().wizard?.signing) return last
      end()
      const mine = new AbortController()
      current = mine
      last = walk(mine, last, stage, draftId, job)
      return last
    },
    sign: () => reply?.(true),
    choose: (choice) => replyHost?.(choice),
    close() {
      if (publish.getState().wizard?.signing) return
      end()
      publish.setState({ wizard: null })
    },
  }
}
