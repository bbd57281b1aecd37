/** Sum of the squares of all elements, in double precision; the slow twin of sum.wgsl with SQUARE. */
export function sumOfSquaresCpu(...arrays: readonly ArrayLike<number>[]): number {
  let total = 0
  for (const array of arrays)
    for (let index = 0; index < array.length; index += 1) total += array[index]! ** 2
  return total
}
