/** Entry of the worker of one benchmark. Its peers cannot give their devices back: these go when the worker ends. */
import { benchmarkDevice } from '../benchmark/benchmark-device.ts'
import { openDevice } from '../gpu/open-device.ts'
import { openTfjsDevice } from '../gpu/tfjs-device.ts'
import type { BenchmarkCall, BenchmarkEvent, BenchmarkReplies } from './benchmark-protocol.ts'
import { serveCalls } from './serve-calls.ts'

const { emit } = serveCalls<BenchmarkCall, BenchmarkReplies['benchmark'], BenchmarkEvent>(async () =>
  benchmarkDevice(await openTfjsDevice(await openDevice()), {
    onProgress: (done, total, what) => emit({ kind: 'progress', done, total, what }),
    onReport: (report) => emit({ kind: 'report', report }),
  }),
)
