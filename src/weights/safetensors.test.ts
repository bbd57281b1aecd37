import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { memorySource } from '../data/memory-source.ts'
import { StudioError } from '../lib/studio-error.ts'
import { small, v1 } from '../model/model-config.ts'
import { parameterTable } from '../model/parameter-table.ts'
import { memorySink } from './byte-sink.ts'
import { openSafetensors } from './open-safetensors.ts'
import type { TensorShape } from './tensor-shape.ts'
import { planSafetensors, writeSafetensors } from './write-safetensors.ts'

const golden = (path: string) =>
  new Uint8Array(readFileSync(new URL(`../../test/golden/${path}`, import.meta.url)))

/** A file from header text (or value) and data bytes, as badly made as the test wants. */
function file(header: unknown, data = new Uint8Array(0), claimed?: bigint) {
  const text = typeof header === 'string' ? header : JSON.stringify(header)
  const json = new TextEncoder().encode(text)
  const bytes = new Uint8Array(8 + json.length + data.length)
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(json.length), true)
  bytes.set(json, 8)
  bytes.set(data, 8 + json.length)
  return memorySource('model.safetensors', bytes)
}

const table: TensorShape[] = [
  { name: 'a', shape: [2] },
  { name: 'b', shape: [1, 2] },
]
const f32 = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer)
const a = { dtype: 'F32', shape: [2], data_offsets: [0, 8] }
const b = { dtype: 'F32', shape: [1, 2], data_offsets: [8, 16] }
const data = f32(1, 2, 3, 4)

describe('writeSafetensors', () => {
  it.each(['weights.init', 'weights.step1', 'weights.step10', 'adam.step10.m'])(
    'writes the bytes of the package: v1-small/%s',
    async (name) => {
      const bytes = golden(`v1-small/${name}.safetensors`)
      const expected = parameterTable(small)
      const stored = await openSafetensors(memorySource(name, bytes), expected)
      expect(stored.dropped).toEqual([])
      const sink = memorySink()
      // A table in any order gives the same file.
      const plan = planSafetensors([...expected].reverse())
      await writeSafetensors(plan, (tensor) => stored.readTensor(tensor), sink)
      expect(plan.totalBytes).toBe(bytes.length)
      expect(Buffer.compare(sink.bytes(), bytes)).toBe(0)
    },
  )

  it('plans the full V1 without its numbers', () => {
    const plan = planSafetensors(parameterTable(v1))
    expect(plan.entries).toHaveLength(389)
    expect(plan.totalBytes - plan.header.length).toBe(4 * 1_209_684_232)
    expect(plan.header.length % 8).toBe(0)
  })

  it('writes nothing that is not finite or of another size', async () => {
    const plan = planSafetensors([{ name: 'x', shape: [2] }])
    const write = (values: Float32Array) => writeSafetensors(plan, async () => values, memorySink())
    await expect(write(Float32Array.of(1, Number.NaN))).rejects.toThrow(/x holds NaN at position 1/)
    await expect(write(Float32Array.of(1))).rejects.toThrow(/1 values, not the 2/)
    await expect(
      writeSafetensors(plan, async () => new Float32Array(2), memorySink(), { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('openSafetensors', () => {
  it('takes any key order, extra tensors and metadata, and lists what it drops', async () => {
    const stored = await openSafetensors(
      file(
        {
          b: { ...b, data_offsets: [0, 8] },
          __metadata__: { format: 'pt' },
          extra: { dtype: 'Q4_WEIRD', shape: [3], data_offsets: [8, 11] },
          a: { ...a, data_offsets: [11, 19] },
        },
        Uint8Array.of(...f32(3, 4), 9, 9, 9, ...f32(1, 2)),
      ),
      table,
    )
    expect(stored.dropped).toEqual(['__metadata__', 'extra'])
    expect([...(await stored.readTensor('a'))]).toEqual([1, 2])
    expect([...(await stored.readTensor('b'))]).toEqual([3, 4])
  })

  it.each([
    ['F64', new Uint8Array(Float64Array.of(0.1, -1e-50, 1e300 / 1e280, 65504).buffer)],
    ['BF16', new Uint8Array(Uint16Array.of(0x3dcd, 0x8000, 0x6061, 0x477f).buffer)],
    ['F16', new Uint8Array(Uint16Array.of(0x2e66, 0x8001, 0x0400, 0x7bff).buffer)],
  ])('widens or rounds %s to f32', async (dtype, bytes) => {
    const expected = {
      F64: [Math.fround(0.1), -0, Math.fround(1e20), 65504],
      BF16: [0.10009765625, -0, 0x61 * 2 ** 58 + 2 ** 65, 65280],
      F16: [0.0999755859375, -(2 ** -24), 2 ** -14, 65504],
    }[dtype]
    const shape = [4]
    const source = file({ x: { dtype, shape, data_offsets: [0, bytes.length] } }, bytes)
    const values = await (await openSafetensors(source, [{ name: 'x', shape }])).readTensor('x')
    expect([...values]).toEqual(expected)
  })

  const refused: [string, ReturnType<typeof file>, RegExp][] = [
    ['an empty file', memorySource('x', new Uint8Array(0)), /only 0 bytes/],
    ['seven bytes', memorySource('x', new Uint8Array(7)), /only 7 bytes/],
    ['a header over 100 MB', file({ a }, data, 100_000_001n), /more than 100 MB/],
    ['a header length beyond 2^53', file({ a }, data, 2n ** 64n - 1n), /more than 100 MB/],
    ['a header cut short', file({ a }, new Uint8Array(0), 5000n), /ends inside its header/],
    ['text that is not JSON', file('{"a":'), /not JSON/],
    ['a header that is not UTF-8', file('{"a":1}', new Uint8Array(2), 9n), /not JSON/],
    ['a header that is a list', file('[]'), /not a JSON object/],
    ['an empty header', file(''), /not JSON/],
    [
      'a tensor twice',
      file(`{"a":${JSON.stringify(a)},"\\u0061":${JSON.stringify(a)}}`, f32(1, 2)),
      /key "a" twice/,
    ],
    [
      'a field twice',
      file('{"a":{"dtype":"F32","shape":[2],"shape":[1,2],"data_offsets":[0,8]}}', f32(1, 2)),
      /key "shape" twice/,
    ],
    ['a missing tensor', file({ a }, f32(1, 2)), /tensor "b" is missing/],
    ['a wrong shape', file({ a, b: { ...b, shape: [2, 1] } }, data), /"b" has shape \[2, 1\], not \[1, 2\]/],
    ['an integer tensor', file({ a: { ...a, dtype: 'I32' }, b }, data), /"a" is of dtype "I32", not a float/],
    ['overlapping offsets', file({ a, b: { ...b, data_offsets: [4, 12] } }, f32(1, 2, 3)), /"b" overlaps/],
    ['offsets beyond the end', file({ a, b: { ...b, data_offsets: [16, 24] } }, data), /"b" ends after/],
    ['data cut short', file({ a, b }, data.subarray(0, 15)), /"b" ends after/],
    ['a hole', file({ a, b: { ...b, data_offsets: [12, 20] } }, f32(1, 2, 3, 4, 5)), /hole before "b"/],
    ['bytes after the end', file({ a, b }, f32(1, 2, 3, 4, 5)), /4 bytes after the last tensor/],
    [
      'offsets that run back',
      file({ a, b: { ...b, data_offsets: [16, 8] } }, data),
      /"b" has no valid data_offsets/,
    ],
    [
      'negative offsets',
      file({ a: { ...a, data_offsets: [-8, 0] }, b }, data),
      /"a" has no valid data_offsets/,
    ],
    ['fractional offsets', file({ a: { ...a, data_offsets: [0.5, 8] }, b }, data), /"a" has no valid/],
    ['a span of another size', file({ a: { ...a, shape: [3] }, b }, data), /"a" spans 8 bytes.* need 12/],
    ['a huge shape', file({ a: { ...a, shape: [2 ** 40, 2 ** 40] }, b }, data), /"a" spans 8 bytes/],
    ['a shape that is text', file({ a: { ...a, shape: '2' }, b }, data), /"a" has no valid shape/],
    ['no dtype', file({ a: { shape: [2], data_offsets: [0, 8] }, b }, data), /"a" has no dtype/],
    ['an entry that is null', file({ a: null, b }, data), /"a" is not an object/],
  ]
  it.each(refused)('refuses %s', async (_what, source, reason) => {
    const error = await openSafetensors(source, table).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(StudioError)
    expect(error).toMatchObject({ code: 'corrupt', message: expect.stringMatching(reason) as string })
  })

  it.each([
    ['F32', f32(1, Number.NaN), 'NaN'],
    ['F32', f32(1, Number.NEGATIVE_INFINITY), '-Infinity'],
    ['F64', new Uint8Array(Float64Array.of(1, 1e39).buffer), 'Infinity'],
    ['F16', new Uint8Array(Uint16Array.of(0, 0x7c01).buffer), 'NaN'],
    ['BF16', new Uint8Array(Uint16Array.of(0, 0xff80).buffer), '-Infinity'],
  ])('refuses a %s tensor that is not finite when it is read: %#', async (dtype, bytes, found) => {
    const source = file({ a: { dtype, shape: [2], data_offsets: [0, bytes.length] } }, bytes)
    const stored = await openSafetensors(source, [{ name: 'a', shape: [2] }])
    await expect(stored.readTensor('a')).rejects.toThrow(`"a" holds ${found} at position 1`)
    await expect(stored.readTensor('zz')).rejects.toThrow(/"zz" is missing/)
  })
})
