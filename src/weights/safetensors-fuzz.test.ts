import { expect, it } from 'vitest'
import { memorySource } from '../data/memory-source.ts'
import { StudioError } from '../lib/studio-error.ts'
import { memorySink } from './byte-sink.ts'
import { openSafetensors } from './open-safetensors.ts'
import { planSafetensors, writeSafetensors } from './write-safetensors.ts'

/** Bits that are the same on each run, so a failure can be repeated. */
function randomBelow(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

const table = [
  { name: 'embedding.weight', shape: [3, 2] },
  { name: 'layer.0.bias', shape: [2] },
  { name: 'layer.0.weight', shape: [2, 2] },
]
// Pieces that a careless writer or a hostile one would put into a header.
const pieces = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '-1',
  '1e999',
  '9007199254740993',
  'null',
  '__proto__',
  '\\u0000',
]

it('meets only its own errors in 6,000 damaged files', async () => {
  const sink = memorySink()
  await writeSafetensors(
    planSafetensors(table),
    async (name) => new Float32Array(name.includes('emb') ? 6 : name.includes('bias') ? 2 : 4),
    sink,
  )
  const sound = sink.bytes()
  const below = randomBelow(20_261_123)
  let opened = 0
  let refused = 0
  for (let round = 0; round < 6000; round += 1) {
    let bytes = sound.slice()
    for (let change = below(2); change >= 0; change -= 1) {
      const at = below(bytes.length)
      const kind = below(5)
      if (kind === 0) bytes[at] = below(256)
      else if (kind === 1) bytes = bytes.slice(0, at)
      else if (kind === 2)
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1 + below(9)))
      else if (kind === 3) bytes[below(Math.min(8, bytes.length))] = below(256)
      else {
        const piece = new TextEncoder().encode(pieces[below(pieces.length)])
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...piece, ...bytes.subarray(at))
        // Half of the time the length is put right, so that the parser sees the damage.
        if (bytes.length >= 8 && below(2) === 0) bytes[0] = (bytes[0] ?? 0) + piece.length
      }
      if (bytes.length === 0) break
    }
    try {
      const file = await openSafetensors(memorySource('fuzz', bytes), table)
      for (const { name } of table) await file.readTensor(name)
      opened += 1
    } catch (error) {
      if (!(error instanceof StudioError) || error.code !== 'corrupt') throw error
      refused += 1
    }
  }
  expect(opened + refused).toBe(6000)
  // Damage inside the values alone leaves a file that opens: both outcomes must have been met often.
  expect(opened).toBeGreaterThan(100)
  expect(refused).toBeGreaterThan(3000)
})
