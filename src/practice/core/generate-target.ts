import { normalArray } from '../../arrgen/normal-array.ts'
import { type SystemState, TargetV1, vectorTensor } from '../../chain/bcs/index.ts'
import { derivedBytes, deriveId } from '../../chain/digests.ts'
import type { SomaId } from '../../chain/ids.ts'
import { createRouter, type RoutedModel } from './routing.ts'
import { BPS } from './staking-pool.ts'

export interface NewTarget {
  readonly id: SomaId
  readonly contents: Uint8Array
}

/** Seed of a target: the first 8 bytes, little-endian, of BLAKE2b-256(digest, creation number). Protocol 8.1. */
export function targetSeed(digest: Uint8Array, creation: number): bigint {
  return new DataView(derivedBytes(digest, creation).buffer).getBigUint64(0, true)
}

export function activeModels(state: SystemState): RoutedModel[] {
  return [...state.modelRegistry.models]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([id, model]) =>
      model.$kind === 'Active'
        ? [{ id, embedding: model.Active.embedding.values, stake: model.Active.stakingPool.somaBalance }]
        : [],
    )
}

/**
 * Makes targets for one transaction while the rules of protocol 8.1 allow it, and takes their reward from the
 * emission pool. `numbers` gives the creation numbers of seed and id; they are used only if a target is made.
 */
export function createTargetMaker(state: SystemState, digest: Uint8Array) {
  const models = activeModels(state)
  const route = createRouter(models)
  const { parameters, targetState, emissionPool } = state
  const cap = (emissionPool.emissionPerEpoch * parameters.targetRewardAllocationBps) / BPS
  return (numbers: () => { readonly seed: number; readonly id: number }): NewTarget | undefined => {
    const reward = targetState.rewardPerTarget
    if (models.length === 0 || emissionPool.balance < reward) return undefined
    if (targetState.targetsGeneratedThisEpoch * reward + reward > cap) return undefined
    const { seed, id } = numbers()
    const embedding = normalArray(targetSeed(digest, seed), Number(parameters.targetEmbeddingDim))
    emissionPool.balance -= reward
    targetState.targetsGeneratedThisEpoch += 1n
    const contents = TargetV1.serialize({
      embedding: vectorTensor(embedding),
      modelIds: route(embedding, Number(parameters.targetModelsPerTarget)),
      distanceThreshold: targetState.distanceThreshold,
      rewardPool: reward,
      generationEpoch: state.epoch,
      status: { Open: true },
      submitter: null,
      winningModelId: null,
      winningModelOwner: null,
      bondAmount: 0n,
      winningDataManifest: null,
      winningEmbedding: null,
      winningDistanceScore: null,
      winningLossScore: null,
      submissionReports: [],
    }).toBytes()
    return { id: deriveId(digest, id), contents }
  }
}
