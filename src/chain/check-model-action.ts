import { firstNonFinite } from '../lib/first-non-finite.ts'
import { StudioError } from '../lib/studio-error.ts'
import { configForDimension } from '../model/model-config.ts'
import { MAX_PROTOCOL_VERSION, type SystemStateView } from './system-state-view.ts'

const ARCHITECTURE_VERSION = 1n

/** Why models cannot be created, committed or revealed on this network, or null where they can. */
export function modelActionRefusal(state: SystemStateView): StudioError | null {
  if (state.protocolVersion > MAX_PROTOCOL_VERSION || !state.hasModelRegistry) {
    return refused(
      `This network runs protocol version ${state.protocolVersion}, which has no models any more.`,
      'Training, embedding and saving work; to publish choose a network of protocol version 5 or lower.',
    )
  }
  const { modelArchitectureVersion, targetEmbeddingDim } = state.parameters
  if (modelArchitectureVersion !== ARCHITECTURE_VERSION) {
    return refused(
      `This network wants model architecture version ${modelArchitectureVersion}; the studio makes version 1.`,
      'A newer studio may know it.',
    )
  }
  if (configForDimension(Number(targetEmbeddingDim)) === undefined) {
    return refused(
      `This network scores embeddings of dimension ${targetEmbeddingDim}, for which no model layout is known.`,
      'Known are 16 (small), 64 (practice) and 2048 (V1).',
    )
  }
  return null
}

/** Throws 'refused' where a model action would fail or harm the network; every model transaction passes here. */
export function checkModelActionAllowed(state: SystemStateView): void {
  const refusal = modelActionRefusal(state)
  if (refusal !== null) throw refusal
}

/**
 * Throws 'refused' unless the embedding has the network's dimension, is finite and not zero. A revealed embedding
 * of another dimension halts the chain, and nothing but the client prevents it.
 */
export function checkEmbedding(embedding: Float32Array, state: SystemStateView): void {
  const dimension = Number(state.parameters.targetEmbeddingDim)
  if (embedding.length !== dimension) {
    throw refused(
      `The embedding has ${embedding.length} numbers; this network needs ${dimension}.`,
      'Train a model of the configuration that this network scores.',
    )
  }
  const bad = firstNonFinite(embedding)
  if (bad >= 0) {
    throw refused(
      `Number ${bad} of the embedding is not finite.`,
      'Make the embedding again from a sound checkpoint.',
    )
  }
  if (embedding.every((value) => value === 0)) {
    throw refused('The embedding is zero.', 'Make the embedding again from a trained checkpoint.')
  }
}

function refused(message: string, hint: string): StudioError {
  return new StudioError('refused', message, { hint })
}
