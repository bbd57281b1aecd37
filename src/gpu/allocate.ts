import { StudioError } from '../lib/studio-error.ts'

/**
 * Creates buffers and waits for the device's word that it has the memory. Rejects with 'out-of-memory', and destroys
 * them, where it has not; the device stays sound. `create` makes them all before it returns.
 */
export async function allocate(device: GPUDevice, create: () => readonly GPUBuffer[]): Promise<void> {
  device.pushErrorScope('out-of-memory')
  let buffers: readonly GPUBuffer[] = []
  let failure: Promise<GPUError | null>
  try {
    buffers = create()
  } finally {
    failure = device.popErrorScope()
  }
  const error = await failure
  if (error === null) return
  for (const buffer of buffers) buffer.destroy()
  const bytes = buffers.reduce((sum, { size }) => sum + size, 0)
  throw new StudioError('out-of-memory', `The graphics device has no ${formatGigabytes(bytes)} left.`, {
    hint: 'Use a smaller micro-batch, a shorter sequence or a smaller memory plan. Your last checkpoint is kept.',
    cause: error.message,
  })
}

function formatGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB`
}
