const PCG_MULTIPLIER = 6364136223846793005n
const PCG_INCREMENT = 11634580027462260723n
const MASK_64 = (1n << 64n) - 1n

/** The 32-byte ChaCha key that a 64-bit seed stands for, as eight words. Source: protocol 8.6, item 1. */
export function keyFromSeed(seed: bigint): Uint32Array {
  let state = seed & MASK_64
  const key = new Uint32Array(8)
  for (let word = 0; word < 8; word += 1) {
    state = (state * PCG_MULTIPLIER + PCG_INCREMENT) & MASK_64
    const mixed = Number((((state >> 18n) ^ state) >> 27n) & 0xffffffffn)
    const rotation = Number(state >> 59n)
    key[word] = (mixed >>> rotation) | (mixed << (-rotation & 31))
  }
  return key
}

const WORDS = 16

/** ChaCha with 12 rounds as a stream of 32-bit words: rand 0.9 `StdRng`. Source: protocol 8.6, item 2. */
export class StandardRng {
  readonly #state = new Uint32Array(WORDS)
  readonly #block = new Uint32Array(WORDS)
  #next = WORDS

  constructor(seed: bigint) {
    this.#state.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574])
    this.#state.set(keyFromSeed(seed), 4)
  }

  /** The next word, unsigned. Two words in a row are one 64-bit draw, the low word first. */
  word(): number {
    if (this.#next === WORDS) this.#refill()
    const value = this.#block[this.#next]!
    this.#next += 1
    return value
  }

  #refill(): void {
    const x = this.#block
    x.set(this.#state)
    for (let round = 0; round < 6; round += 1) {
      quarter(x, 0, 4, 8, 12)
      quarter(x, 1, 5, 9, 13)
      quarter(x, 2, 6, 10, 14)
      quarter(x, 3, 7, 11, 15)
      quarter(x, 0, 5, 10, 15)
      quarter(x, 1, 6, 11, 12)
      quarter(x, 2, 7, 8, 13)
      quarter(x, 3, 4, 9, 14)
    }
    for (let word = 0; word < WORDS; word += 1) x[word] = x[word]! + this.#state[word]!
    this.#state[12] = this.#state[12]! + 1
    if (this.#state[12] === 0) this.#state[13] = this.#state[13]! + 1
    this.#next = 0
  }
}

function quarter(x: Uint32Array, ai: number, bi: number, ci: number, di: number): void {
  let a = x[ai]!
  let b = x[bi]!
  let c = x[ci]!
  let d = x[di]!
  a = (a + b) | 0
  d ^= a
  d = (d << 16) | (d >>> 16)
  c = (c + d) | 0
  b ^= c
  b = (b << 12) | (b >>> 20)
  a = (a + b) | 0
  d ^= a
  d = (d << 8) | (d >>> 24)
  c = (c + d) | 0
  b ^= c
  b = (b << 7) | (b >>> 25)
  x[ai] = a
  x[bi] = b
  x[ci] = c
  x[di] = d
}
