import { describe, expect, it } from 'vitest'
import {
  attentionIndex,
  dropThreshold,
  normalFromWord,
  philoxBlock,
  philoxSite,
  philoxWords,
} from './philox.ts'

const stream = { seed: 7, step: 1, microBatch: 0, layer: 3, site: philoxSite.ffn }

describe('philoxBlock', () => {
  // Known answers published with Random123 (kat_vectors, philox4x32 10).
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('gives the published words for counter %o', (counter, key, expected) => {
    const out = new Uint32Array(4)
    philoxBlock(counter, key, out)
    expect(Array.from(out)).toEqual(Array.from(expected))
  })
})

describe('philoxWords', () => {
  it('gives the same words whatever range is asked for', () => {
    const whole = philoxWords(stream, 2, 0, 23)
    expect(Array.from(philoxWords(stream, 2, 5, 9))).toEqual(Array.from(whole.subarray(5, 14)))
  })

  it('differs by every part of the key', () => {
    const others = [
      philoxWords({ ...stream, seed: 8 }, 2, 0, 4),
      philoxWords({ ...stream, step: 2 }, 2, 0, 4),
      philoxWords({ ...stream, microBatch: 1 }, 2, 0, 4),
      philoxWords({ ...stream, layer: 4 }, 2, 0, 4),
      philoxWords({ ...stream, site: philoxSite.attention }, 2, 0, 4),
      philoxWords(stream, 3, 0, 4),
      philoxWords(stream, 2, 4, 4),
      philoxWords(stream, 2, 0, 4),
    ]
    expect(new Set(others.map(String)).size).toBe(others.length)
  })

  it('keeps attention rows aligned to blocks', () => {
    expect(attentionIndex(7, 1023)).toBe((7 * 1024 + 1023) * 1024)
    expect(dropThreshold(0.25)).toBe(2 ** 30)
  })
})

describe('normalFromWord', () => {
  it('is odd, monotonic and standard normal', () => {
    expect(normalFromWord(0)).toBeCloseTo(-normalFromWord(0xffffffff), 12)
    expect(normalFromWord(0xffffffff)).toBeGreaterThan(5)
    // Quantiles of N(0, 1): P(z < 1) and P(z < 2.5758...).
    expect(normalFromWord(Math.round(0.841344746 * 2 ** 32))).toBeCloseTo(1, 5)
    expect(normalFromWord(Math.round(0.995 * 2 ** 32))).toBeCloseTo(2.5758293, 5)
    const values = Array.from(philoxWords(stream, 0, 0, 100_000), normalFromWord)
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length
    expect(Math.abs(mean)).toBeLessThan(0.01)
    expect(Math.abs(variance - 1)).toBeLessThan(0.02)
  })
})
