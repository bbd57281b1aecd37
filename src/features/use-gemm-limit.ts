import { useStudioState } from './studio-context.tsx'

/** GFLOP/s of the best matrix product that the benchmark found on this device; undefined where it was not measured. */
export function useGemmLimit(): number | undefined {
  const description = useStudioState('device', (state) =>
    state.status === 'unknown' ? undefined : state.report.description,
  )
  const report = useStudioState('benchmark', (state) => state.report)
  return report && description?.startsWith(report.adapter) ? report.gemmLimitGflops : undefined
}
