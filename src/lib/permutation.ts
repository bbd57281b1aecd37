/**
 * A shuffled order of 0..count-1 that needs no memory: an eight-round Feistel network over the smallest even
 * number of bits that holds `count`, walked until it lands inside (fewer than four turns on average). Any entry is
 * found at once, so a cursor into the order is one number. Count at most 2^40.
 */
export function createPermutation(count: number, seed: number, stream = 0): (index: number) => number {
  let halfBits = 1
  while (2 ** (2 * halfBits) < count) halfBits += 1
  const half = 2 ** halfBits
  const keys = Array.from({ length: 8 }, (_, round) => mix(mix(seed >>> 0, stream >>> 0), round))
  const once = (value: number): number => {
    let left = Math.floor(value / half)
    let right = value % half
    for (const key of keys) {
      const next = left ^ (mix(right, key) & (half - 1))
      left = right
      right = next
    }
    return left * half + right
  }
  return (index) => {
    if (!(index >= 0 && index < count)) throw new RangeError(`${index} is not below ${count}.`)
    let value = once(index)
    while (value >= count) value = once(value)
    return value
  }
}

/** 32 well-mixed bits of two 32-bit words (the finaliser of MurmurHash3, applied twice). */
function mix(word: number, key: number): number {
  let x = (word ^ Math.imul(key, 0x9e3779b9)) | 0
  for (let pass = 0; pass < 2; pass += 1) {
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
    x = (x ^ (x >>> 16) ^ (pass === 0 ? key : 0)) | 0
  }
  return x >>> 0
}
