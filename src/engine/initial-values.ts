import { normalArray } from '../arrgen/normal-array.ts'
import { uniformArray } from '../arrgen/uniform-array.ts'
import type { Parameter } from '../model/parameter-table.ts'

/**
 * Fresh values of one tensor, the same on every device: arrgen's stream number seed * 2^32 + place of the tensor in
 * the parameter table. One tensor at a time, so that v1 never has to be in memory whole.
 */
export function initialValues(parameter: Parameter, place: number, seed: number): Float32Array {
  const stream = (BigInt(seed) << 32n) | BigInt(place)
  const { init, size } = parameter
  switch (init.kind) {
    case 'uniform':
      return uniformArray(stream, size, -init.bound, init.bound)
    case 'normal':
      return normalArray(stream, size)
    case 'constant':
      return new Float32Array(size).fill(init.value)
    default:
      return init satisfies never
  }
}
