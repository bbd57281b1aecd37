import { throwIfAborted } from '../../lib/abort.ts'
import { toHex } from '../../lib/hex.ts'
import { isHttpUrl } from '../../lib/is-http-url.ts'
import { type SerialisedError, StudioError } from '../../lib/studio-error.ts'
import { blobHost, type HostChoice } from '../blob-host.ts'
import type { ModelDraft } from '../publish-store.ts'
import type { StudioParts } from '../studio-parts.ts'
import type { WizardPass } from './wizard-passes.ts'

/** Where `npm run practice -- --blobs DIR` takes files on this machine. */
const LOCAL_BLOBS = 'http://127.0.0.1:9200/'

/**
 * Asks for a host until one holds the file: put there or uploaded by the person, then read back whole, since an address
 * that nobody can read costs half of the stake. Returns the address; rejects with 'cancelled' where the pass ends.
 */
export async function askForHost(
  { storage, stores, digestUrl }: StudioParts,
  pass: WizardPass,
  draft: ModelDraft,
  data: Blob,
): Promise<string> {
  const key = `blob-host/${draft.place}`
  const suggested = rememberedHost(storage.get(key)) ?? localHost(stores.network.getState().network.urls.rpc)
  let tried: HostChoice | null = null
  let fault: SerialisedError | null = null
  for (;;) {
    pass.edit({ hosting: { suggested, tried, fault, working: false } })
    tried = await pass.choose()
    throwIfAborted(pass.signal)
    if (tried === null) throw new StudioError('cancelled', 'No host was chosen. The package is kept.')
    pass.edit({ hosting: { suggested, tried, fault: null, working: true } })
    try {
      const name = `${draft.weightsChecksum}.enc`
      const url = await blobHost(tried).put({ data, name }, pass.signal)
      const { size, digest } = await digestUrl(url, draft.weightsSize, pass.signal)
      if (size !== draft.weightsSize || toHex(digest) !== draft.weightsChecksum) throw otherFile()
      throwIfAborted(pass.signal)
      if (tried.kind === 'put' && isFolder(tried.url)) storage.set(key, tried.url.trim())
      pass.edit({ hosting: null })
      return url
    } catch (thrown) {
      throwIfAborted(pass.signal)
      fault = StudioError.from(thrown).serialise()
    }
  }
}

/** In the words of somebody who has just uploaded it. */
function otherFile(): StudioError {
  return new StudioError('corrupt', 'The file at this address is not the package, byte for byte.', {
    hint: 'Nothing was signed. Save the encrypted file again and upload it unchanged.',
  })
}

/** An address without a query: one with a query may hold a key and is not kept. */
function isFolder(url: string): boolean {
  return url.trim().endsWith('/') && new URL(url.trim()).search === ''
}

function rememberedHost(stored: unknown): string | undefined {
  return typeof stored === 'string' && isHttpUrl(stored) ? stored : undefined
}

function localHost(rpc: string | undefined): string {
  const isLocal = rpc !== undefined && ['localhost', '127.0.0.1'].includes(new URL(rpc).hostname)
  return isLocal ? LOCAL_BLOBS : ''
}
