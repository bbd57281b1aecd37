import { normalArray } from '../../arrgen/normal-array.ts'

/**
 * Target `index` of a forecast: standard normal values by the network's own generator, as it draws them for a target
 * (protocol 8.1). The seeds are ours, so the same forecast can be made again.
 */
export function forecastTarget(seed: number, index: number, dim: number): Float32Array {
  return normalArray((BigInt(seed >>> 0) << 32n) | BigInt(index), dim)
}
