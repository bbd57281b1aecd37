import { adamConstants } from '../../model-ops.ts'
import { philoxSite, philoxWords } from '../../philox.ts'

/** Values, moments and what a step needs; moments are M * m and V * v with M, V for each 256 values. */
export interface State8bit {
  readonly value: Float64Array
  /** Codes: bit 7 of m is its sign. */
  readonly m: Uint8Array
  readonly v: Uint8Array
  readonly scales: Float64Array
}

const { beta1, beta2, epsilon } = adamConstants
const decodeM = (code: number) => (code & 128 ? -1 : 1) * ((code & 127) / 127) ** 3
const decodeV = (code: number) => (code / 255) ** 6

/** The level below or above x whose mean over `draw` is x. */
function level(x: number, levels: number, power: number, draw: number): number {
  const below = Math.min(Math.floor(x ** (1 / power) * levels), levels - 1)
  const [low, high] = [(below / levels) ** power, ((below + 1) / levels) ** power]
  return below + Number(draw * (high - low) < x - low)
}

/** One step of adam-8bit.wgsl in place, in double precision. */
export function adam8bitCpu(
  { value, m, v, scales }: State8bit,
  gradient: ArrayLike<number>,
  { learningRate, step, seed, slice }: { learningRate: number; step: number; seed: number; slice: number },
): void {
  const stream = { seed, step, microBatch: 0, layer: 0, site: philoxSite.moments }
  for (let first = 0; first < value.length; first += 256) {
    const count = Math.min(256, value.length - first)
    const [M, V] = [scales[first / 128]!, scales[first / 128 + 1]!]
    const next = Array.from({ length: count }, (_, i) => {
      const g = gradient[first + i]!
      return [
        beta1 * M * decodeM(m[first + i]!) + (1 - beta1) * g,
        beta2 * V * decodeV(v[first + i]!) + (1 - beta2) * g * g,
      ] as const
    })
    const tops = [Math.max(...next.map(([a]) => Math.abs(a))), Math.max(...next.map(([, b]) => b))] as const
    const words = philoxWords(stream, slice, first, count)
    next.forEach(([a, b], i) => {
      const root = Math.sqrt(b / (1 - beta2 ** step)) + epsilon
      value[first + i]! -= (learningRate * a) / (1 - beta1 ** step) / root
      const [low, high] = [((words[i]! & 65535) + 0.5) / 65536, ((words[i]! >>> 16) + 0.5) / 65536]
      m[first + i] = level(Math.abs(a) / (tops[0] || 1), 127, 3, low) | (a < 0 ? 128 : 0)
      v[first + i] = Math.max(level(b / (tops[1] || 1), 255, 6, high), Number(b > 0))
    })
    scales.set(tops, first / 128)
  }
}
