import { SystemState, TransactionData } from '../../chain/bcs/index.ts'
import { blake2b256, transactionDigest } from '../../chain/digests.ts'
import { idFromBytes, SYSTEM_STATE_ID } from '../../chain/ids.ts'
import { advanceEpoch } from './advance-epoch.ts'
import { buildEffects, type Outcome } from './execute-transaction.ts'
import { createTargetMaker } from './generate-target.ts'
import { type ObjectReader, type StoredObject, stakedSomaContents } from './object-store.ts'
import { TransactionScope } from './transaction-scope.ts'

export interface EpochChange extends Outcome {
  readonly data: TransactionData
  readonly digest: Uint8Array
}

/**
 * The system transaction that ends an epoch: rules of the boundary, then the new epoch's first targets.
 * `durationMs` is how long the new epoch is meant to last; the chain's own value where it is absent.
 */
export function changeEpoch(
  objects: ObjectReader,
  fees: bigint,
  nowMs: bigint,
  durationMs?: bigint,
): EpochChange {
  const stateObject = objects.get(SYSTEM_STATE_ID)!
  const { epoch, protocolVersion } = SystemState.parse(stateObject.contents)
  const bytes = TransactionData.serialize({
    kind: {
      ChangeEpoch: {
        epoch: epoch + 1n,
        epochStartTimestampMs: nowMs,
        protocolVersion,
        fees,
        epochRandomness: blake2b256(stateObject.digest),
      },
    },
    sender: idFromBytes(new Uint8Array(32)),
    gasPayment: [],
  }).toBytes()
  const data = TransactionData.parse(bytes)
  const digest = transactionDigest(bytes)
  return { data, digest, ...applyChangeEpoch(stateObject, { digest, fees, nowMs, durationMs }) }
}

/**
 * What the transaction of that digest does. Each target uses one creation number for seed and id; validators'
 * stake objects come before them.
 */
export function applyChangeEpoch(
  stateObject: StoredObject,
  change: {
    readonly digest: Uint8Array
    readonly fees: bigint
    readonly nowMs: bigint
    readonly durationMs?: bigint | undefined
  },
): Outcome {
  const { digest, fees, nowMs, durationMs } = change
  const scope = new TransactionScope(digest, idFromBytes(new Uint8Array(32)), undefined, [stateObject])
  const { epoch } = scope.state
  for (const reward of advanceEpoch(scope.state, fees, nowMs)) {
    const contents = stakedSomaContents(reward.poolId, epoch + 1n, reward.principal)
    scope.create(scope.nextId(), 'StakedSoma', { AddressOwner: reward.owner }, contents)
  }
  if (durationMs !== undefined) scope.state.parameters.epochDurationMs = durationMs
  const makeTarget = createTargetMaker(scope.state, digest)
  const count = Number(scope.state.parameters.targetInitialTargetsPerEpoch)
  for (let made = 0; made < count; made += 1) {
    const target = makeTarget(() => {
      const number = scope.nextCreation()
      return { seed: number, id: number }
    })
    if (target === undefined) break
    scope.create(target.id, 'Target', { Shared: { initialSharedVersion: 1n } }, target.contents)
  }
  scope.flushState()
  const changes = scope.changes()
  const fee = { base: 0n, operation: 0n, value: 0n }
  return { changes, effects: buildEffects(scope, changes, epoch, fee) }
}
