import { readFileSync } from 'node:fs'
import { hex } from '@scure/base'
import { expect, it } from 'vitest'
import { previewTransaction } from './preview.ts'
import { replayClient } from './test-exchanges.ts'

const url = new URL('../../test/golden/protocol/vectors.json', import.meta.url)
const { tx, create_ids } = JSON.parse(readFileSync(url, 'utf8')).derived
const bytesOf = (prefix: string) => {
  const name = Object.keys(tx).find((candidate) => candidate.startsWith(prefix))!
  return { bytes: hex.decode(tx[name].txdata), digest: tx[name].digest_b58 as string }
}
const state = await replayClient('022').systemState()
const context = { state, balance: 2_000_000_000n }

it('explains a commit from the bytes that will be signed', () => {
  const { bytes, digest } = bytesOf('CommitModel')
  const preview = previewTransaction(bytes, context)
  expect(preview).toMatchObject({ kind: 'CommitModel', digest, byteLength: bytes.length, createdId: null })
  expect(Object.fromEntries(preview.facts.map(({ name, value }) => [name, value]))).toEqual({
    model: `0x${create_ids.model}`,
    url: 'https://example.com/models/1/model.safetensors.enc',
    size: '64',
    checksum: '63ZmFAvDuPxFFCFMJV7U3fWq9N8qSm3xqjxqozDP4FSS',
    weights: '63ZmFAvDuPxFFCFMJV7U3fWq9N8qSm3xqjxqozDP4FSS',
    embedding: '14fzda4eedxd9JXHfgE5QerEuL4UULg5kQ9KtEXL3EkD',
    key: '8tas7RT3u1HuzQVBpNVobeGkREioJQrL3kTmf52t5RAS',
  })
  expect(preview.payment).toBe(
    '0x7573…c110 pays a fee of 0.000001600 SOMA; the balance after it is 1.999998400 SOMA.',
  )
  expect(preview.changes.join()).toContain('until you reveal in epoch 1')
  expect(preview.becomesPublic).toHaveLength(2)
  expect(preview.risks.join()).toContain('50 % of the stake is lost')
})

it('names the model that a create would make, and its stake', () => {
  const preview = previewTransaction(bytesOf('CreateModel').bytes, context)
  expect(preview.createdId).toBe(`0x${create_ids.model}`)
  expect(preview.balanceAfter).toBe(2_000_000_000n - 1_000_000_000n - 501_900n)
  expect(preview.payment).toContain('and 1.000000000 SOMA of its own')
})

it('takes fee and balance from a simulation where there is one', () => {
  const { bytes } = bytesOf('RevealModel')
  const simulation = {
    digest: '',
    success: true,
    failure: null,
    epoch: 0n,
    fee: { baseFee: 1n, operationFee: 2n, valueFee: 3n, totalFee: 6n },
    changes: [],
    balanceChanges: new Map([[previewTransaction(bytes, context).sender, -6n]]),
  }
  expect(previewTransaction(bytes, { ...context, simulation })).toMatchObject({
    fee: { totalFee: 6n },
    balanceAfter: 1_999_999_994n,
  })
})

it('explains every vector, and refuses bytes that are no transaction', () => {
  for (const { txdata } of Object.values<Record<string, string>>(tx)) {
    const preview = previewTransaction(hex.decode(txdata!), context)
    expect(preview.title).not.toBe('')
    expect(preview.changes.length).toBeGreaterThan(0)
  }
  expect(() => previewTransaction(Uint8Array.of(1, 2, 3), context)).toThrow(/could not be decoded/)
})
