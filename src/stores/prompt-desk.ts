import { StudioError } from '../lib/studio-error.ts'
import type { SignerPrompt, SignerPrompts } from '../wallet/signer-prompts.ts'
import type { createSigningStore } from './signing-store.ts'

/** Where signers' questions meet the screen. Answers pass through and are kept nowhere. */
export interface PromptDesk extends SignerPrompts {
  answer(text: string): Promise<void>
  cancel(): void
}

export function createPromptDesk(signing: ReturnType<typeof createSigningStore>): PromptDesk {
  let take: ((answer: string) => Promise<void>) | undefined
  let drop: ((reason: StudioError) => void) | undefined

  /** Shows a prompt until `start` settles or the person cancels. */
  function show<T>(prompt: SignerPrompt, start: (done: (value: T) => void) => void): Promise<T> {
    if (signing.getState().prompt !== null) {
      return Promise.reject(
        new StudioError('refused', 'Another signature is being asked for.', {
          hint: 'Nothing was signed. Answer or cancel that one first.',
        }),
      )
    }
    signing.setState({ prompt: { prompt, checking: false, fault: null } })
    return new Promise<T>((resolve, reject) => {
      drop = reject
      start(resolve)
    }).finally(() => {
      take = undefined
      drop = undefined
      signing.setState({ prompt: null })
    })
  }

  return {
    ask: (prompt, accept) =>
      show(prompt, (done) => {
        take = async (answer) => done(await accept(answer))
      }),
    wait: (prompt, job) =>
      show(prompt, (done) => {
        job.then(done, drop)
      }),
    async answer(text) {
      const { prompt } = signing.getState()
      if (!prompt || prompt.checking || !take) return
      const edit = (change: { checking: boolean; fault: ReturnType<StudioError['serialise']> | null }) => {
        // A prompt that was cancelled meanwhile is gone, and another may stand in its place.
        const shown = signing.getState().prompt
        if (shown?.prompt === prompt.prompt) signing.setState({ prompt: { ...shown, ...change } })
      }
      edit({ checking: true, fault: null })
      try {
        await take(text)
      } catch (error) {
        edit({ checking: false, fault: StudioError.from(error).serialise() })
      }
    },
    cancel: () => drop?.(new StudioError('cancelled', 'Not signed. Nothing was sent.')),
  }
}
