import type { StudioParts } from '../studio-parts.ts'

export function tuningActions({ stores, trainer }: StudioParts) {
  const { tuning, setup } = stores
  return {
    async tune() {
      const { status, half } = tuning.getState()
      if (status === 'running') return
      tuning.setState({ status: 'running', work: null })
      try {
        const { recipe } = setup.getState()
        // Asked for again: what was measured before is measured anew.
        const again = tuning.getState().report !== null
        tuning.setState({ report: await trainer.call({ kind: 'tune', recipe, half, again }) })
      } finally {
        tuning.setState({ status: 'idle', work: null })
      }
    },

    async cancelTuning() {
      await trainer.call({ kind: 'cancel', job: 'tune' })
    },

    setHalf(half: boolean) {
      // What was reported is about other kernels.
      stores.tuning.setState({ half, report: null })
    },
  }
}
