import type { BenchmarkOptions, DeviceBenchmark } from '../../benchmark/benchmark-device.ts'
import { abortable } from '../../lib/abort.ts'
import type { BenchmarkCall, BenchmarkEvent, BenchmarkReplies } from '../benchmark-protocol.ts'
import { createWorkerClient } from '../worker-client.ts'

/** Measures in a worker that ends with the measurement, or at once on abort, and every device that it opened with it. */
export async function benchmarkApart(options: BenchmarkOptions): Promise<DeviceBenchmark> {
  const { signal, onProgress, onReport } = options
  const client = createWorkerClient<BenchmarkCall, BenchmarkReplies, BenchmarkEvent>(
    () => new Worker(new URL('../benchmark.worker.ts', import.meta.url), { type: 'module' }),
    'The benchmark',
    'What it had measured is kept. Try again.',
  )
  client.onEvent((event) => {
    if (event.kind === 'report') onReport?.(event.report)
    else onProgress?.(event.done, event.total, event.what)
  })
  try {
    return await abortable(client.call({ kind: 'benchmark' }), signal)
  } finally {
    client.end()
  }
}
