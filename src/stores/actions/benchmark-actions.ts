import type { StudioParts } from '../studio-parts.ts'

export function benchmarkActions({ stores, trainer }: StudioParts) {
  const { benchmark } = stores
  return {
    async benchmark() {
      if (benchmark.getState().status === 'running') return
      benchmark.setState({ status: 'running', work: null })
      try {
        benchmark.setState({ report: await trainer.call({ kind: 'benchmark' }) })
      } finally {
        benchmark.setState({ status: 'idle', work: null })
      }
    },

    async cancelBenchmark() {
      await trainer.call({ kind: 'cancel', job: 'benchmark' })
    },
  }
}
