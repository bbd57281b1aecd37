import { readFileSync } from 'node:fs'
import { create, fromBinary } from '@bufbuild/protobuf'
import { hex } from '@scure/base'
import { describe, expect, it } from 'vitest'
import { decodeExact } from './bcs/primitives.ts'
import { TransactionData } from './bcs/transaction.ts'
import { checkpointView } from './checkpoint-view.ts'
import { CheckpointSchema } from './generated/soma/rpc/checkpoint_pb.js'
import { ExecuteTransactionRequestSchema } from './generated/soma/rpc/transaction_execution_service_pb.js'

const requests = new URL('../../test/golden/client/rpc_requests.json', import.meta.url)
const { transactions } = JSON.parse(readFileSync(requests, 'utf8')) as {
  transactions: { name: string; request_hex: string; tx_data_bcs_hex: string }[]
}

/** A checkpoint with one transaction of the official SDK. */
function viewOf(name: string, success: boolean) {
  const tx = transactions.find((one) => one.name === name)!
  const { transaction } = fromBinary(ExecuteTransactionRequestSchema, hex.decode(tx.request_hex))
  const checkpoint = create(CheckpointSchema, {
    sequenceNumber: 9n,
    transactions: [{ transaction: transaction!, effects: { status: { success } } }],
  })
  const data = decodeExact(TransactionData, hex.decode(tx.tx_data_bcs_hex), 'transaction')
  return { kind: data.kind, transaction: checkpointView(checkpoint).transactions[0]! }
}

describe('model events of a checkpoint', () => {
  it('are the submission and the reveal that the transaction was signed for', () => {
    const submitted = viewOf('submit_data one coin', true)
    const { SubmitData } = submitted.kind as {
      SubmitData: Record<'targetId' | 'modelId', string> & { dataManifest: { manifest: unknown } }
    }
    expect(submitted.transaction.modelEvent).toEqual({
      kind: 'submission',
      targetId: SubmitData.targetId,
      modelId: SubmitData.modelId,
      manifest: SubmitData.dataManifest.manifest,
    })
    const revealed = viewOf('reveal_model', true)
    const { RevealModel } = revealed.kind as { RevealModel: { modelId: string } }
    expect(revealed.transaction.modelEvent).toEqual({ kind: 'reveal', modelId: RevealModel.modelId })
  })

  it('are none where it failed or is of another kind', () => {
    expect(viewOf('submit_data one coin', false).transaction).not.toHaveProperty('modelEvent')
    expect(viewOf('claim_rewards', true).transaction).not.toHaveProperty('modelEvent')
  })
})
