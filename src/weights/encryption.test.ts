import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { digestSource } from '../data/digest-source.ts'
import { memorySource } from '../data/memory-source.ts'
import { fromHex, toHex } from '../lib/hex.ts'
import { createAesCtr, createFileKey } from './aes-ctr.ts'
import { memorySink } from './byte-sink.ts'
import { decryptVerified } from './decrypt-verified.ts'
import { encryptFile } from './encrypt-file.ts'

interface Case {
  label: string
  key_hex: string
  size: number
  data_sha256: string
  cipher_sha256: string
  cipher_first64: string
  cipher_last64: string
  commitment_hex: string
  data_hex?: string
}

const read = (path: string) => readFileSync(new URL(`../../test/golden/${path}`, import.meta.url))
const golden = JSON.parse(read('client/crypto.json').toString()) as { aes_256_ctr_zero_iv: Case[] }
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** The data of a case, rebuilt from its label where the file holds only its hash. */
function dataOf(example: Case): Uint8Array {
  if (example.data_hex !== undefined) return fromHex(example.data_hex)
  if (example.label.startsWith('the file '))
    return new Uint8Array(read(example.label.slice('the file '.length)))
  if (example.label.includes('i mod 256')) return Uint8Array.from({ length: example.size }, (_, i) => i)
  return mixedText(example.size, 70)
}

/** The generator's text: lines of code, German, raw bytes and JSON by turns. */
function mixedText(size: number, salt: number): Uint8Array {
  const parts: Buffer[] = []
  for (let length = 0, i = salt + 1; length < size; i += 1) {
    const lines = [
      Buffer.from(`def f${i}(x): return x * ${(i * i) % 97} + ${i}\n`),
      Buffer.from(`Die Möwe № ${i} zählt ${(i * 7) % 31} Lichter — still.\n`),
      Buffer.from(Uint8Array.from({ length: 23 }, (_, j) => i * 37 + j * 11)),
      Buffer.from(`{"id": ${i}, "ok": ${i % 2 === 1}}\n`),
    ]
    parts.push(lines[i % 4]!)
    length += lines[i % 4]!.length
  }
  return new Uint8Array(Buffer.concat(parts).subarray(0, size))
}

describe('encryptFile', () => {
  it.each(golden.aes_256_ctr_zero_iv)('matches the SDK: $label', async (example) => {
    const data = dataOf(example)
    expect(sha256(data)).toBe(example.data_sha256)
    const sink = memorySink()
    const commitment = await encryptFile(memorySource('data', data), fromHex(example.key_hex), sink)
    const cipher = sink.bytes()
    expect(sha256(cipher)).toBe(example.cipher_sha256)
    expect(toHex(cipher.subarray(0, 64))).toBe(example.cipher_first64)
    expect(toHex(cipher.subarray(Math.max(0, cipher.length - 64)))).toBe(example.cipher_last64)
    expect(commitment.size).toBe(example.size)
    expect(toHex(commitment.checksum)).toBe(example.commitment_hex)
    expect(toHex(await digestSource(memorySource('cipher', cipher)))).toBe(example.commitment_hex)

    const back = memorySink()
    const file = { ...commitment, key: fromHex(example.key_hex) }
    await decryptVerified(memorySource('cipher', cipher), file, back)
    expect(sha256(back.bytes())).toBe(example.data_sha256)
  })
})

describe('createAesCtr', () => {
  it('gives the bytes of the specification', async () => {
    const { hashes } = JSON.parse(read('protocol/vectors.json').toString()).derived
    const cipher = await createAesCtr(new Uint8Array(32).fill(0x42))
    const plain = Uint8Array.from({ length: 64 }, (_, i) => i)
    const expected = hashes['AES-256-CTR, key 0x42×32, plaintext 00..3f']
    expect(toHex(await cipher.apply(plain, 0))).toBe(expected)
  })

  it('gives the same bytes from any offset, in blocks or not', async () => {
    const cipher = await createAesCtr(createFileKey())
    const data = mixedText(600_000, 3)
    const whole = await cipher.apply(data, 0)
    for (const [from, to] of [
      [0, 1],
      [1, 40],
      [15, 17],
      [16, 16],
      [262_143, 262_145],
      [250_001, 600_000],
    ] as const) {
      expect(
        Buffer.compare(await cipher.apply(data.subarray(from, to), from), whole.subarray(from, to)),
      ).toBe(0)
    }
  })

  it('carries the counter over 32 bits of blocks', async () => {
    const cipher = await createAesCtr(new Uint8Array(32).fill(5))
    const at = 16 * 2 ** 32
    const across = await cipher.apply(new Uint8Array(32), at - 16)
    expect(Buffer.compare(across.subarray(16), await cipher.apply(new Uint8Array(16), at))).toBe(0)
    expect(Buffer.compare(across.subarray(16), await cipher.apply(new Uint8Array(16), 0))).not.toBe(0)
  })

  it('takes keys of 32 bytes only, and makes a new one each time', async () => {
    await expect(createAesCtr(new Uint8Array(16))).rejects.toMatchObject({ code: 'bad-input' })
    expect(toHex(createFileKey())).not.toBe(toHex(createFileKey()))
  })
})

describe('decryptVerified', async () => {
  const data = mixedText(300_000, 9)
  const key = createFileKey()
  const sink = memorySink()
  const commitment = await encryptFile(memorySource('data', data), key, sink)
  const cipher = sink.bytes()
  const file = { ...commitment, key }
  const stream = (bytes: Uint8Array<ArrayBuffer>, step: number) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += step) controller.enqueue(bytes.slice(at, at + step))
        controller.close()
      },
    })

  it('reads a stream in chunks of any size', async () => {
    const back = memorySink()
    await decryptVerified(stream(cipher, 7777), file, back)
    expect(Buffer.compare(back.bytes(), data)).toBe(0)
  })

  it('passes a file without a key through', async () => {
    const back = memorySink()
    await decryptVerified(stream(cipher, 50_000), commitment, back)
    expect(Buffer.compare(back.bytes(), cipher)).toBe(0)
  })

  const flipped = cipher.slice()
  flipped[123_456]! ^= 1
  it.each([
    ['one bit', flipped, /checksum differs/],
    ['a missing end', cipher.slice(0, -1), /size is 299999 bytes, not 300000/],
    [
      'an added byte',
      Uint8Array.from({ length: cipher.length + 1 }, (_, i) => cipher[i] ?? 0),
      /size is .*300001.*, not 300000/,
    ],
  ])('names what differs: %s', async (_what, bytes, reason) => {
    const error = { code: 'corrupt', message: expect.stringMatching(reason) as string }
    await expect(decryptVerified(memorySource('x', bytes), file, memorySink())).rejects.toMatchObject(error)
    await expect(decryptVerified(stream(bytes, 65_536), file, memorySink())).rejects.toMatchObject(error)
  })

  it('tells a broken connection and a cancel apart', async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new TypeError('network error'))
      },
    })
    await expect(decryptVerified(broken, file, memorySink())).rejects.toMatchObject({ code: 'network' })
    const signal = AbortSignal.abort()
    await expect(decryptVerified(stream(cipher, 999), file, memorySink(), { signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
  })
})
