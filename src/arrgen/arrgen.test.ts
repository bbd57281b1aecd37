import { readFileSync } from 'node:fs'
import { blake2b } from '@noble/hashes/blake2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { describe, expect, it } from 'vitest'
import { normalArray } from './normal-array.ts'
import { keyFromSeed, StandardRng } from './standard-rng.ts'
import { uniformArray } from './uniform-array.ts'
import { ZIGGURAT_R, zigguratF, zigguratX } from './ziggurat-tables.ts'

interface Case {
  seed: string
  count: number
  mean?: number
  std?: number
  min?: number
  max?: number
  first64: number[]
  last2: number[]
  blake2b_le_f32: string
}

const golden = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../test/golden/${path}`, import.meta.url), 'utf8'))
const cases = golden('arrgen/arrgen.json') as { normal: Case[]; uniform: Case[] }
const vectors = golden('protocol/vectors.json') as {
  upstream: { arrgen: { uniform_42_2x2: number[]; normal_42_4x2: number[] } }
  derived: {
    rng: Record<string, { key: string; u32: number[]; u64: string[] }>
    normal_seed0_8: number[]
    uniform_seed0_4: number[]
    normal_hashes: { seed: number; shape: number[]; blake2b256: string; last2: number[] }[]
  }
}

function expectSame(values: Float32Array, example: Case): void {
  expect(Array.from(values.subarray(0, 64))).toEqual(example.first64)
  expect(Array.from(values.subarray(-2))).toEqual(example.last2)
  const digest = blake2b(new Uint8Array(values.buffer), { dkLen: 32 })
  expect(bytesToHex(digest)).toBe(example.blake2b_le_f32)
}

describe('arrgen', () => {
  it.each(cases.normal)('normal: seed $seed, $count values, mean $mean, std $std', (example) => {
    expectSame(normalArray(BigInt(example.seed), example.count, example.mean, example.std), example)
  })

  it.each(cases.uniform)('uniform: seed $seed, $count values, $min to $max', (example) => {
    expectSame(uniformArray(BigInt(example.seed), example.count, example.min, example.max), example)
  })

  it('gives the arrays of the specification and of upstream’s own tests, to their decimals', () => {
    const { upstream, derived } = vectors
    for (const [values, expected] of [
      [uniformArray(42n, 4), upstream.arrgen.uniform_42_2x2],
      [normalArray(42n, 8), upstream.arrgen.normal_42_4x2],
      [normalArray(0n, 8), derived.normal_seed0_8],
      [uniformArray(0n, 4), derived.uniform_seed0_4],
    ] as const) {
      expect(values).toHaveLength(expected.length)
      for (const [i, value] of expected.entries()) expect(values[i]).toBeCloseTo(value, 6)
    }
  })

  it.each(vectors.derived.normal_hashes)(
    'seed $seed, shape $shape: the hash of the specification',
    (example) => {
      const values = normalArray(
        BigInt(example.seed),
        example.shape.reduce((count, side) => count * side, 1),
      )
      expect(bytesToHex(blake2b(new Uint8Array(values.buffer), { dkLen: 32 }))).toBe(example.blake2b256)
    },
  )
})

describe('StandardRng', () => {
  it.each(Object.entries(vectors.derived.rng))('gives the key and words of seed %s', (seed, expected) => {
    expect(bytesToHex(new Uint8Array(keyFromSeed(BigInt(seed)).buffer))).toBe(expected.key)
    const rng = new StandardRng(BigInt(seed))
    expect(expected.u32.map(() => rng.word())).toEqual(expected.u32)
    const pairs = new StandardRng(BigInt(seed))
    const draw = () => BigInt(pairs.word()) | (BigInt(pairs.word()) << 32n)
    expect(expected.u64.map(() => String(draw()))).toEqual(expected.u64)
  })
})

describe('ziggurat tables', () => {
  it('are those of the specification', () => {
    const tables = golden('protocol/ziggurat-normal-tables.json') as { R: number; X: number[]; F: number[] }
    expect(Array.from(zigguratX)).toEqual(tables.X)
    expect(Array.from(zigguratF)).toEqual(tables.F)
    expect(ZIGGURAT_R).toBe(tables.R)
  })
})
