/** Mean and spread of a figure over seeds. */
export interface Spread {
  readonly mean: number
  /** Standard deviation, n - 1; 0 for one value. */
  readonly deviation: number
  readonly least: number
  readonly most: number
}

export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const deviation = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0
  return { mean, deviation, least: Math.min(...values), most: Math.max(...values) }
}

/** Two-sided 95 % quantiles of Student's t by degrees of freedom, 1 to 9. */
const T95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262]

export interface Difference {
  /** Mean of a - b, seed by seed. */
  readonly mean: number
  /** 95 % interval of the mean by Student's t; infinite for one pair. */
  readonly low: number
  readonly high: number
  /** The sign is the same on every seed and the interval does not hold 0. */
  readonly sure: boolean
}

/** Compares two arms that were run on the same seeds, in the same order; at most 10. */
export function pairedDifference(a: readonly number[], b: readonly number[]): Difference {
  const { mean, deviation, least, most } = spreadOf(a.map((value, index) => value - b[index]!))
  const half = a.length > 1 ? (T95[a.length - 2]! * deviation) / Math.sqrt(a.length) : Infinity
  const [low, high] = [mean - half, mean + half]
  return { mean, low, high, sure: (least > 0 && low > 0) || (most < 0 && high < 0) }
}
