/** 1 - cos(a, b) in f64, from 0 to 2; NaN for a zero vector, as the network computes it (protocol 8.7, rule 5). */
export function cosineDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let product = 0
  let squareA = 0
  let squareB = 0
  for (let index = 0; index < a.length; index += 1) {
    product += a[index]! * b[index]!
    squareA += a[index]! ** 2
    squareB += b[index]! ** 2
  }
  return 1 - product / Math.sqrt(squareA * squareB)
}
