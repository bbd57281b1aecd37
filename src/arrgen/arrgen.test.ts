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
  derived: { rng: Record<string, { key: string; u32: number[]; u64: string[] }> }
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
})

describe('StandardRng', () => {
  it.each(Object.entries(vectors.derived.rng))('gives the key and words of seed %s', (seed, expected) => {
    expect(bytesToHex(new Uint8Array(keyFromSeed(BigInt(seed)).buffer))).toBe(expected.key)
    const rng = new StandardRng(BigInt(seed))
    expect(expected.u32.map(() => rng.word())).toEqual(expected.u32)
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
