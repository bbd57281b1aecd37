import { useStudioState } from './studio-context.tsx'

/** Another value whenever new runs take other kernels, which changes what memory plans take. */
export function useKernelsInUse(): string {
  return useStudioState('tuning', ({ half, report }) => JSON.stringify([half, report?.kernels]))
}
