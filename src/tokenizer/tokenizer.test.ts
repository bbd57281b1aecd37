import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { EOS, encodeWindow, PAD } from './encode-window.ts'
import { tokenizeWindows } from './tokenize-windows.ts'

interface Row<T> {
  token_ids: T
  targets: T
  pos_ids: T
}
interface Case {
  max_seq_len: number
  data_hex?: string
  data?: string
  rows?: Row<number[]>[]
  rows_sha256_le_i32?: Row<string>[]
}

const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/tokenizer/tokenizer.json', import.meta.url), 'utf8'),
) as { pad: number; eos: number; cases: Case[] }

const sha256 = (values: Int32Array) => createHash('sha256').update(values).digest('hex')

describe('tokenizeWindows', () => {
  it.each(golden.cases)('matches the package: S $max_seq_len, $data$data_hex', (example) => {
    const { max_seq_len: sequence } = example
    const bytes =
      example.data_hex === undefined
        ? Uint8Array.from({ length: Number.parseInt(example.data!, 10) }, (_, i) => 7 * i + 3)
        : Uint8Array.from(Buffer.from(example.data_hex, 'hex'))
    const made = tokenizeWindows(bytes, sequence)
    const expected = example.rows ?? example.rows_sha256_le_i32!
    expect(made.rows).toBe(expected.length)
    for (const [row, wanted] of expected.entries()) {
      const part = (all: Int32Array) => {
        const values = all.slice(row * sequence, (row + 1) * sequence)
        return example.rows ? Array.from(values) : sha256(values)
      }
      expect(part(made.tokens)).toEqual(wanted.token_ids)
      expect(part(made.targets)).toEqual(wanted.targets)
      expect(part(made.positions)).toEqual(wanted.pos_ids)
    }
  })
})

describe('encodeWindow', () => {
  it('uses the ids of the package', () => {
    expect([PAD, EOS]).toEqual([golden.pad, golden.eos])
  })

  it('writes one row and leaves its neighbours alone', () => {
    const tokens = new Int32Array(12).fill(-1)
    const targets = new Int32Array(12).fill(-1)
    encodeWindow(Uint8Array.of(5, 6), 4, tokens, targets, 4)
    expect(Array.from(tokens)).toEqual([-1, -1, -1, -1, 5, 6, EOS, PAD, -1, -1, -1, -1])
    expect(Array.from(targets)).toEqual([-1, -1, -1, -1, 6, EOS, PAD, PAD, -1, -1, -1, -1])
  })

  it('refuses a window that is too long', () => {
    expect(() => encodeWindow(new Uint8Array(5), 4, new Int32Array(4), new Int32Array(4), 0)).toThrow(
      /5 bytes/,
    )
  })
})
