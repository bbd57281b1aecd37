import type { ManifestValue } from '../../src/chain/bcs/manifest.ts'
import { connectNetwork } from '../../src/chain/create-chain-client.ts'
import { customNetwork } from '../../src/chain/networks.ts'
import { StudioError } from '../../src/lib/studio-error.ts'
import { Refusal } from './refusal.ts'

export type FileKind = 'model' | 'data'

/** Where a model's weights or a target's data lie, as the network at `rpc` itself has it. Throws Refusal. */
export async function findManifest(
  rpc: string,
  kind: FileKind,
  id: string,
  signal: AbortSignal,
): Promise<ManifestValue> {
  const client = connectNetwork(customNetwork('bridge', 'the node', { rpc }), (input, init) =>
    fetch(input, { ...init, redirect: 'error' }),
  )
  try {
    const manifest =
      kind === 'model'
        ? (await client.systemState({ signal })).models.find((model) => model.id === id)?.manifest
        : (await client.target(id, signal)).submission?.manifest
    if (manifest) return manifest
  } catch (error) {
    const { code, message, hint } = StudioError.from(error)
    if (code !== 'not-found') throw new Refusal(502, code, message, { hint })
  }
  const what = kind === 'model' ? 'No model with a file has this id.' : 'No filled target has this id.'
  throw new Refusal(404, 'not-found', what)
}
