import { TargetV1 } from '../../src/chain/bcs/index.ts'
import type { ManifestValue } from '../../src/chain/bcs/manifest.ts'
import { normaliseId } from '../../src/chain/ids.ts'
import type { PracticeNetwork } from '../../src/practice/core/network.ts'
import { fetchVerified } from './fetch-verified.ts'
import type { ProxyReply, ProxyRoute } from './rpc-handler.ts'

/**
 * `/model/{id}` and `/data/{id}` as a node serves them: the bytes behind the manifest that stands on the network,
 * after their size and checksum were checked (protocol 7.3, 7.4). What a node asks its validators is done right here.
 */
export function createProxyRoute(network: () => PracticeNetwork, fetch: typeof globalThis.fetch): ProxyRoute {
  return (path) => {
    const [, kind, id] = /^\/(model|data)\/([^/]+)$/.exec(path) ?? []
    if (kind === undefined || id === undefined) return undefined
    return answer(kind === 'model' ? modelManifest : submissionManifest, id)
  }

  async function answer(
    find: (network: PracticeNetwork, id: string) => ManifestValue | undefined,
    text: string,
  ): Promise<ProxyReply> {
    if (!/^(0x)?[0-9a-f]{64}$/i.test(text)) return { status: 400, body: `Invalid resource ID: ${text}` }
    try {
      const manifest = find(network(), normaliseId(text))
      if (manifest === undefined) throw new Error('Not found')
      return { status: 200, body: await fetchVerified(manifest, fetch) }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const body = `Failed to fetch from validators: All 1 validators failed, last error: ${reason}`
      return { status: 502, body }
    }
  }
}

function modelManifest(network: PracticeNetwork, id: string): ManifestValue | undefined {
  const model = network.state().modelRegistry.models.get(id)
  switch (model?.$kind) {
    case 'Pending':
      return model.Pending.manifest
    case 'Active':
      return model.Active.manifest
    case 'Inactive':
      return model.Inactive.manifest
    default:
      return undefined
  }
}

function submissionManifest(network: PracticeNetwork, id: string): ManifestValue | undefined {
  const object = network.objects.get(id)
  if (object?.objectType !== 'Target') return undefined
  return TargetV1.parse(object.contents).winningDataManifest?.manifest
}
