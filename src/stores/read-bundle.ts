import { fromHex } from '../lib/hex.ts'
import { StudioError } from '../lib/studio-error.ts'
import type { ConfigName } from '../model/model-config.ts'
import { isWorld } from './draft-place.ts'
import type { DraftPurpose, ModelDraft } from './publish-store.ts'

/** The network that is open, as far as a bundle is concerned. */
export interface BundlePlace {
  readonly place: string
  readonly placeName: string
  /** Null for worlds. */
  readonly chainId: string | null
}

const MOST_BYTES = 4 * 2 ** 20
const configs: readonly string[] = ['small', 'practice', 'v1'] satisfies ConfigName[]
const purposes: readonly string[] = ['model', 'update', 'embedding'] satisfies DraftPurpose[]

/**
 * The draft that a reveal bundle describes, ready to be revealed from this device. Throws 'bad-input' for a file that is no
 * bundle, 'refused' for one of another network than the open one.
 */
export async function readBundle(file: Blob, open: BundlePlace, now: number): Promise<ModelDraft> {
  const bundle = await parse(file)
  const { network, chainId, name, config, modelId, commitEpoch, decryptionKey, embeddingF32, weights } =
    bundle
  const purpose = bundle['purpose'] ?? 'model'
  const { url, checksum, size } = (weights ?? {}) as Record<string, unknown>
  const isSound =
    text(name) &&
    text(config) &&
    configs.includes(config) &&
    text(purpose) &&
    purposes.includes(purpose) &&
    hex(modelId, /^0x[0-9a-f]{64}$/) &&
    // A bundle of before the commit has none; the network knows it.
    (commitEpoch === null || Number.isSafeInteger(commitEpoch)) &&
    hex(decryptionKey, /^[0-9a-f]{64}$/) &&
    hex(embeddingF32, /^([0-9a-f]{8})+$/) &&
    text(url) &&
    hex(checksum, /^[0-9a-f]{64}$/) &&
    Number.isSafeInteger(size)
  if (!isSound) throw noBundle('something in it is missing or damaged')
  const isHere = isWorld(open.place) ? network === `practice/${open.place}` : chainId === open.chainId
  if (!isHere) {
    throw new StudioError('refused', `This bundle belongs to ${network}, and ${open.placeName} is open.`, {
      hint: 'Nothing was saved. Open its network on the Network screen, then import it again.',
    })
  }
  return {
    id: crypto.randomUUID(),
    purpose: purpose as DraftPurpose,
    ...open,
    name: name.slice(0, 80),
    config: config as ConfigName,
    runId: '',
    step: 0,
    validationLoss: null,
    savedAt: now,
    embedding: [...new Float32Array(fromHex(embeddingF32).slice().buffer)],
    embeddingNote: 'from a reveal bundle',
    stability: null,
    key: decryptionKey,
    packagePath: '',
    weightsUrl: url,
    weightsSize: size as number,
    weightsChecksum: checksum,
    stake: '0',
    modelId,
    createDigest: '',
    createEpoch: null,
    commitDigest: '',
    commitEpoch: commitEpoch as number | null,
    revealDigest: null,
    revealEpoch: null,
  }
}

async function parse(file: Blob): Promise<Record<string, unknown>> {
  if (file.size > MOST_BYTES) throw noBundle('it is too large')
  let parsed: unknown
  try {
    parsed = JSON.parse(await file.text())
  } catch {
    throw noBundle('it is not JSON')
  }
  const fields = typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {}
  if (fields['format'] !== 'soma-reveal-1') throw noBundle('its format is another')
  return fields
}

const text = (value: unknown): value is string => typeof value === 'string'
const hex = (value: unknown, form: RegExp): value is string => text(value) && form.test(value)

function noBundle(why: string): StudioError {
  return new StudioError('bad-input', `This file is no reveal bundle: ${why}.`, {
    hint: 'Nothing was saved. Choose a file that was saved with “Save reveal bundle” once the model was created.',
  })
}
