import { isHttpUrl } from '../../lib/is-http-url.ts'
import { StudioError } from '../../lib/studio-error.ts'

/**
 * The form of a URL that is signed: nodes normalise before they verify. Throws 'refused' for anything but http(s):
 * the chain accepts other schemes, but nobody could fetch the file.
 */
export function normaliseUrl(text: string): string {
  if (!isHttpUrl(text)) {
    throw new StudioError('refused', 'The address of the file is not a web address.', {
      hint: 'Use an address that starts with http:// or https:// and holds no user name or password.',
    })
  }
  return new URL(text).href
}
