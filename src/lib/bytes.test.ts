import { describe, expect, it } from 'vitest'
import { blake2b256, createBlake2b256 } from './blake2b.ts'
import { equalBytes } from './equal-bytes.ts'
import { firstNonFinite } from './first-non-finite.ts'
import { fromHex, toHex } from './hex.ts'

// Pinned by the protocol specification, section 12.
const HELLO = '324dcf027dd4a30a932c441f365a25e86b173defa4b8e58948253471b81b72cf'
const hello = new TextEncoder().encode('hello')

describe('bytes', () => {
  it('go to hex and back', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
    expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'))
    expect(fromHex(`0x${toHex(bytes).toUpperCase()}`)).toEqual(bytes)
    expect(fromHex('')).toEqual(new Uint8Array(0))
    for (const bad of ['0', 'zz', '0x1', '12 34']) expect(() => fromHex(bad)).toThrow(/hexadecimal/)
  })

  it('compare by content', () => {
    expect(equalBytes(hello, hello.slice())).toBe(true)
    expect(equalBytes(hello, hello.subarray(1))).toBe(false)
    expect(equalBytes(hello, new TextEncoder().encode('hellO'))).toBe(false)
  })

  it('hash at once, in parts and again', async () => {
    expect(toHex(await blake2b256(hello))).toBe(HELLO)
    const hasher = await createBlake2b256()
    for (let turn = 0; turn < 2; turn += 1) {
      hasher.init()
      hasher.update(hello.subarray(0, 2))
      hasher.update(hello.subarray(2))
      expect(toHex(hasher.digest())).toBe(HELLO)
    }
  })

  it('keeps two hashers apart', async () => {
    const [a, b] = await Promise.all([createBlake2b256(), createBlake2b256()])
    a.update(hello.subarray(0, 3))
    b.update(new Uint8Array(1000))
    a.update(hello.subarray(3))
    b.digest()
    expect(toHex(a.digest())).toBe(HELLO)
  })

  it('finds the first value that is not finite', () => {
    expect(firstNonFinite(Float32Array.of(1, -0, 3e38))).toBe(-1)
    expect(firstNonFinite(Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY))).toBe(1)
    expect(firstNonFinite(Float32Array.of(1, 2, Number.NEGATIVE_INFINITY))).toBe(2)
  })
})
