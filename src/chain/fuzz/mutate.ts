import type { RandomSource } from './random-source.ts'

/** Lengths and counts that lie: the largest ULEB128 and varints, and just beyond 2^31. */
const LYING_LENGTHS = [
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0x80, 0x80, 0x80, 0x80, 0x08],
  [0xff, 0xff, 0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
]

/** Bytes close to `seed`, or random ones: cut, flipped, spliced, with lengths that promise gigabytes. */
export function mutateBytes(seed: Uint8Array, random: RandomSource): Uint8Array {
  let bytes: Uint8Array = seed.slice()
  for (let round = random.below(3); round >= 0; round -= 1) {
    const at = random.below(bytes.length + 1)
    switch (random.below(8)) {
      case 0:
        bytes = bytes.slice(0, at)
        break
      case 1:
        if (at < bytes.length) bytes[at] = bytes[at]! ^ (1 << random.below(8))
        break
      case 2:
        if (at < bytes.length) bytes[at] = random.pick([0, 1, 0x7f, 0x80, 0xff])
        break
      case 3:
        bytes = join(bytes.slice(0, at), Uint8Array.from(random.pick(LYING_LENGTHS)), bytes.slice(at))
        break
      case 4:
        bytes = join(bytes.slice(0, at), Uint8Array.from(random.pick(LYING_LENGTHS)), bytes.slice(at + 1))
        break
      case 5:
        bytes = join(bytes.slice(0, at), random.bytes(random.below(9)), bytes.slice(at))
        break
      case 6:
        if (random.below(500) === 0) {
          // A number that never ends.
          const endless = new Uint8Array(200_000).fill(random.pick([0x80, 0xff]))
          bytes = join(bytes.slice(0, at), endless, bytes.slice(at))
          break
        }
        bytes = join(bytes.slice(0, at), bytes.slice(random.below(bytes.length + 1)))
        break
      default:
        bytes = random.below(4) === 0 ? random.bytes(random.below(300)) : bytes
    }
  }
  return bytes
}

const STRANGE = ['', ' ', '\0', '0x', '=', '1', 'l', 'İ', '😀', '\ud800', '-', '.', '%00', '\n', 'ſ', '９']

/** A text close to `seed`: letters swapped, cut, doubled, made very long, or strange ones put in. */
export function mutateText(seed: string, random: RandomSource): string {
  let text = seed
  for (let round = random.below(3); round >= 0; round -= 1) {
    const at = random.below(text.length + 1)
    switch (random.below(7)) {
      case 0:
        text = text.slice(0, at)
        break
      case 1:
        text = text.slice(0, at) + random.pick(STRANGE) + text.slice(at)
        break
      case 2:
        text = text.slice(0, at) + String.fromCharCode(random.below(128)) + text.slice(at + 1)
        break
      case 3:
        text = random.below(2) === 0 ? text.toUpperCase() : text.toLowerCase()
        break
      case 4:
        text = text.slice(0, at) + text
        break
      case 5:
        // Decoders that take quadratic time must refuse before they begin.
        text = random.below(200) === 0 ? text.repeat(2000) : text
        break
      default:
        text = [...random.bytes(random.below(80))].map((byte) => String.fromCharCode(byte)).join('')
    }
  }
  return text
}

function join(...parts: Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}
