import { type GpuDevice, openDevice } from '../../gpu/open-device.ts'

let opened: GpuDevice | undefined

/**
 * For tests: one device for all files that share a page (vitest.config.ts, project engine), so that what one of them
 * compiled is there for the others; another where that one has failed. Nobody destroys it.
 */
export async function openTestGpu(): Promise<GpuDevice> {
  if (!opened || opened.failure()) opened = await openDevice()
  return opened
}
