import { fetchBundledCorpus } from '../../data/bundled-corpus.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { CorpusItem } from '../../worker/protocol.ts'
import type { StudioParts } from '../studio-parts.ts'

export function corpusActions({ stores, trainer, assetUrl }: StudioParts) {
  const { corpus, setup } = stores

  /** Takes the items if they can be trained on; otherwise says why and keeps what was there. */
  async function take(items: readonly CorpusItem[]): Promise<void> {
    const before = corpus.getState()
    corpus.setState({ status: 'inspecting', error: null })
    try {
      const { sequence } = setup.getState().recipe
      const summary = await trainer.call({ kind: 'inspect', items, sequence })
      corpus.setState({ status: 'ready', items, summary })
    } catch (error) {
      const status = before.summary ? 'ready' : 'empty'
      corpus.setState({ status, error: StudioError.from(error).serialise() })
    }
  }

  return {
    takeFiles: (files: readonly File[]) =>
      take(files.map((file) => ({ name: file.name, origin: 'file', data: file }))),

    async takeBundledCorpus() {
      try {
        await take(await fetchBundledCorpus(assetUrl('')))
      } catch (error) {
        const status = corpus.getState().summary ? 'ready' : 'empty'
        corpus.setState({ status, error: StudioError.from(error).serialise() })
      }
    },

    /** Adds items to what is there, leaving out names of the same origin that are there already. */
    async addItems(items: readonly CorpusItem[]) {
      const { items: present } = corpus.getState()
      const known = new Set(present.map((item) => `${item.origin} ${item.name}`))
      await take([...present, ...items.filter((item) => !known.has(`${item.origin} ${item.name}`))])
    },

    /** Counts of windows depend on the sequence. */
    async recount() {
      const { items } = corpus.getState()
      if (items.length > 0) await take(items)
    },
  }
}

export type CorpusActions = ReturnType<typeof corpusActions>
