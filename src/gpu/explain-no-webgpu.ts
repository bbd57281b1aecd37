import { StudioError } from '../lib/studio-error.ts'

/** What the page can see of the reason why there is no GPU. */
export interface WebGpuSurroundings {
  readonly secureContext: boolean
  /** `navigator.gpu` is there. */
  readonly hasApi: boolean
  readonly userAgent: string
}

/** The error for a browser without WebGPU: what is missing and how to get it. */
export function explainNoWebGpu(surroundings: WebGpuSurroundings): StudioError {
  const { secureContext, hasApi, userAgent } = surroundings
  if (hasApi) {
    return new StudioError('no-webgpu', 'This browser has WebGPU, but found no graphics adapter to use.', {
      hint: `Update the graphics driver, turn on hardware acceleration in the browser's settings, and look at chrome://gpu for the reason.${linuxHint(userAgent)} Without a GPU, start Chrome with --enable-unsafe-webgpu --use-webgpu-adapter=swiftshader for its slow software adapter.`,
    })
  }
  if (!secureContext) {
    return new StudioError(
      'no-webgpu',
      'This page was opened over an insecure address, so the browser hides WebGPU.',
      {
        hint: 'Open it as http://localhost or http://127.0.0.1 on the machine that serves it, or over https.',
      },
    )
  }
  return new StudioError('no-webgpu', 'This browser does not offer WebGPU.', {
    hint: `${browserHint(userAgent)}${linuxHint(userAgent)}`,
  })
}

function browserHint(userAgent: string): string {
  const chrome = /Chrom(?:e|ium)\/(\d+)/.exec(userAgent)?.[1]
  if (chrome && Number(chrome) >= 113) {
    return `Turn on hardware acceleration in this browser's settings; WebGPU may also be disabled by policy or on its list of unsupported drivers (see chrome://gpu).`
  }
  if (/Firefox\//.test(userAgent))
    return 'Use Firefox 141 or newer on Windows, or Chrome or Edge 113 or newer.'
  if (/Safari\//.test(userAgent) && !chrome) return 'Use Safari 26 or newer, or Chrome or Edge 113 or newer.'
  return 'Use Chrome or Edge 113 or newer.'
}

function linuxHint(userAgent: string): string {
  if (!/Linux/.test(userAgent) || /Android/.test(userAgent)) return ''
  return ' On Linux, Chrome may need the flags --enable-unsafe-webgpu --enable-features=Vulkan.'
}
