/** A tensor's canonical name and its shape, outermost dimension first. */
export interface TensorShape {
  readonly name: string
  readonly shape: readonly number[]
}

/** Number of values of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1)
}
