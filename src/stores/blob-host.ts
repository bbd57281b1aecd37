import { normaliseUrl } from '../chain/transaction/normalise-url.ts'
import { StudioError } from '../lib/studio-error.ts'

/** How encrypted weights get to where the network can read them. */
export type HostChoice =
  /** PUT to an address; one that ends with a slash gets the file's name. `readUrl`: where it is read, if elsewhere. */
  | { readonly kind: 'put'; readonly url: string; readonly readUrl: string }
  /** The person has uploaded the file and says where. */
  | { readonly kind: 'uploaded'; readonly url: string }

export interface PackageFile {
  readonly data: Blob
  /** Last part of its address, where the host leaves that to us. */
  readonly name: string
}

/** Puts a file where the network can read it; its public address. */
export interface BlobHost {
  put(file: PackageFile, signal?: AbortSignal): Promise<string>
}

/** The host that a person chose; throws 'refused' where an address cannot be used. */
export function blobHost(
  choice: HostChoice,
  fetchFunction: typeof fetch = (...args) => fetch(...args),
): BlobHost {
  if (choice.kind === 'uploaded') {
    const url = normaliseUrl(choice.url.trim())
    return { put: async () => url }
  }
  const { put, read } = putAddresses(choice)
  return {
    async put({ data, name }, signal) {
      const target = put.endsWith('/') ? put + name : put
      const response = await reach(target, () =>
        fetchFunction(target, {
          method: 'PUT',
          body: data,
          headers: { 'content-type': 'application/octet-stream' },
          ...(signal === undefined ? {} : { signal }),
        }),
      )
      if (!response.ok) {
        throw new StudioError('network', `The host refused the file: it answered ${response.status}.`, {
          hint: 'The file is kept on this device. Look at the address and at what the host allows.',
        })
      }
      return read.endsWith('/') ? read + name : read
    },
  }
}

/**
 * The address to read becomes public and is signed, so it never holds what an upload address may: a key in its query.
 */
function putAddresses({ url, readUrl }: Extract<HostChoice, { kind: 'put' }>) {
  const put = normaliseUrl(url.trim())
  if (readUrl.trim() !== '') return { put, read: normaliseUrl(readUrl.trim()) }
  if (new URL(put).search === '') return { put, read: put }
  throw new StudioError(
    'refused',
    'An upload address with a query often holds a key, and what is committed is public.',
    {
      hint: 'Nothing was sent. Write the address to read the file from as well.',
    },
  )
}

async function reach(url: string, ask: () => Promise<Response>): Promise<Response> {
  try {
    return await ask()
  } catch (thrown) {
    const error = StudioError.from(thrown)
    if (error.code === 'cancelled') throw error
    throw new StudioError('network', `The file could not be put to ${new URL(url).origin}.`, {
      hint: 'The file is kept on this device. The host must run and allow PUT from pages (CORS), or upload the file yourself.',
      retryable: true,
      cause: thrown,
    })
  }
}
