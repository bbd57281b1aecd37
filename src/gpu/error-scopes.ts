import { StudioError } from '../lib/studio-error.ts'
import type { GpuDevice } from './open-device.ts'

/**
 * Whether calls of the device are wrapped in error scopes that say which kernel was refused: in development and in tests.
 * A build for production drops them.
 */
export const NAMES_ERRORS: boolean = import.meta.env?.DEV ?? false

const allKinds = ['validation', 'out-of-memory', 'internal'] as const

/**
 * Calls `work` at once inside error scopes. `error` resolves, never rejects, with what the device said of it; the scopes
 * hold nothing that is called later.
 */
export function inErrorScopes<T>(
  device: GPUDevice,
  work: () => T,
  kinds: readonly GPUErrorFilter[] = allKinds,
): { value: T; error: Promise<GPUError | undefined> } {
  for (const kind of kinds) device.pushErrorScope(kind)
  let value: T
  let scopes: Promise<GPUError | null>[] = []
  try {
    value = work()
  } finally {
    // A lost device rejects, and says so elsewhere.
    scopes = kinds.map(() => device.popErrorScope().catch(() => null))
  }
  return {
    value,
    error: Promise.all(scopes).then((errors) => errors.find((error) => error !== null) ?? undefined),
  }
}

/** What `work` gives; in development the device fails with the kernel's name where it refuses this. */
export function namingErrors<T>({ device, report }: GpuDevice, kernel: string, work: () => T): T {
  if (!NAMES_ERRORS) return work()
  const { value, error } = inErrorScopes(device, work, ['validation'])
  void error.then((cause) => {
    if (cause) report(refused(kernelInWords(kernel), cause))
  })
  return value
}

/** A kernel and what the schedule calls this use of it, in words. */
export function kernelInWords(kernel: string, label = kernel): string {
  return label === kernel ? `the kernel ${kernel}` : `the kernel ${kernel} (${label})`
}

/** The error of a device that refused `what`. */
export function refused(what: string, cause: unknown): StudioError {
  const isMemory = 'GPUOutOfMemoryError' in globalThis && cause instanceof GPUOutOfMemoryError
  const words = (cause as { message?: string } | null)?.message ?? String(cause)
  const hint = isMemory ? 'Use a smaller micro-batch or a shorter sequence.' : 'Please report the details.'
  return new StudioError(
    isMemory ? 'out-of-memory' : 'internal',
    `The graphics device refused ${what}: ${words}`,
    { hint: `${hint} Your last checkpoint is kept.`, cause: words },
  )
}
