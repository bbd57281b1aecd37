import type { ModelView } from './model-view.ts'

type BytesView = Uint8Array | null

/**
 * The same models with all their byte strings in one buffer of their own. As decoded they are views of the whole reply:
 * posting one of them to another thread would copy, and keeping one would hold, 82 MB.
 */
export function rehomeBytes(models: readonly ModelView[]): {
  readonly models: readonly ModelView[]
  readonly bytes: ArrayBuffer
} {
  const found: Uint8Array[] = []
  const collect = (value: BytesView) => {
    if (value !== null) found.push(value)
    return value
  }
  for (const model of models) withBytes(model, collect)
  const home = new Uint8Array(found.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  const move = (value: BytesView) => {
    if (value === null) return null
    home.set(value, at)
    at += value.length
    return home.subarray(at - value.length, at)
  }
  return { models: models.map((model) => withBytes(model, move)), bytes: home.buffer }
}

/** A model whose byte strings went through `map`, always in the same order. */
function withBytes(model: ModelView, map: (value: BytesView) => BytesView): ModelView {
  const whole = (value: Uint8Array) => map(value) ?? value
  const { manifest, pendingUpdate: update } = model
  return {
    ...model,
    manifest: manifest && { ...manifest, checksum: whole(manifest.checksum) },
    weightsCommitment: map(model.weightsCommitment),
    embeddingCommitment: map(model.embeddingCommitment),
    keyCommitment: map(model.keyCommitment),
    decryptionKey: map(model.decryptionKey),
    pendingUpdate: update && {
      ...update,
      manifest: { ...update.manifest, checksum: whole(update.manifest.checksum) },
      weightsCommitment: whole(update.weightsCommitment),
      embeddingCommitment: whole(update.embeddingCommitment),
      keyCommitment: whole(update.keyCommitment),
    },
  }
}
