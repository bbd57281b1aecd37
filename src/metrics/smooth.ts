/** A running average of a line of numbers. */
export interface Smoother {
  /** The average after one more value; a value that is not finite leaves it as it was. */
  next(value: number): number
}

/**
 * Exponential moving average with the bias of its zero start divided out, as Adam does for its moments:
 * a_t = w a_(t-1) + (1 - w) x_t, shown as a_t / (1 - w^t). NaN until the first finite value.
 * `weight` in [0, 1): 0 follows the line, 0.98 averages about 50 values.
 */
export function createSmoother(weight: number): Smoother {
  let average = 0
  let mass = 0
  return {
    next(value) {
      if (Number.isFinite(value)) {
        average = weight * average + (1 - weight) * value
        mass = weight * mass + (1 - weight)
      }
      return mass === 0 ? Number.NaN : average / mass
    },
  }
}

/** The whole line smoothed; same length as `values`. */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const smoother = createSmoother(weight)
  return Float64Array.from(values, (value) => smoother.next(value))
}
