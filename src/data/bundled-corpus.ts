import { StudioError } from '../lib/studio-error.ts'

/** One file of the text that comes with the studio, see public/corpus/SOURCE.md. */
export interface BundledText {
  readonly name: string
  readonly origin: 'bundled'
  readonly data: Blob
}

const volumes = [1, 2, 3, 4, 5, 6].map((volume) => `almanac-${volume}.txt`)

/**
 * Fetches the bundled text from `corpus/` under the address that the app is served from; 'network' where a
 * volume cannot be had.
 */
export async function fetchBundledCorpus(
  base: string | URL,
  signal?: AbortSignal,
): Promise<readonly BundledText[]> {
  return Promise.all(
    volumes.map(async (name) => {
      try {
        const response = await fetch(new URL(`corpus/${name}`, base), signal ? { signal } : {})
        if (!response.ok) throw new Error(`status ${response.status}`)
        return { name, origin: 'bundled' as const, data: await response.blob() }
      } catch (cause) {
        if (signal?.aborted) throw new StudioError('cancelled', 'Cancelled.')
        throw new StudioError('network', `The bundled text ${name} could not be loaded.`, {
          hint: 'Reload the page, or drop a file of your own.',
          retryable: true,
          cause,
        })
      }
    }),
  )
}
