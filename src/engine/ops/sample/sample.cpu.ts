import { philoxSite, philoxWords } from '../../philox.ts'

const BYTES = 256

/**
 * Draws one byte from next-token logits (the ids above 255 are never drawn): the largest at temperature 0, else by
 * softmax(logits / temperature) with number `place` of the seed's Philox stream.
 */
export function sampleByte(logits: Float32Array, temperature: number, seed: number, place: number): number {
  const bytes = Array.from(logits.subarray(0, BYTES))
  const highest = Math.max(...bytes)
  if (temperature <= 0) return bytes.indexOf(highest)
  const weights = bytes.map((logit) => Math.exp((logit - highest) / temperature))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const stream = { seed, step: 0, microBatch: 0, layer: 0, site: philoxSite.sample }
  let left = (philoxWords(stream, 0, place, 1)[0]! / 2 ** 32) * total
  for (const [byte, weight] of weights.entries()) {
    left -= weight
    if (left < 0) return byte
  }
  return bytes.indexOf(highest)
}
