import type { StudioParts } from '../studio-parts.ts'

export function benchmarkActions({ stores, trainer }: StudioParts) {
  const { benchmark, selfCheck } = stores
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

    async selfCheck() {
      if (selfCheck.getState().status === 'running') return
      selfCheck.setState({ status: 'running', work: null })
      try {
        selfCheck.setState({ report: await trainer.call({ kind: 'selfCheck' }) })
      } finally {
        selfCheck.setState({ status: 'idle', work: null })
      }
    },

    async cancelSelfCheck() {
      await trainer.call({ kind: 'cancel', job: 'selfCheck' })
    },

    async cancelBenchmark() {
      await trainer.call({ kind: 'cancel', job: 'benchmark' })
    },
  }
}
