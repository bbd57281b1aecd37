/** Named columns of numbers that only ever grow, all of the same length. */
export interface Series<Column extends string> {
  readonly columns: readonly Column[]
  readonly length: number
  /** Appends one block; every column must be there with the same number of entries. */
  append(block: Readonly<Record<Column, ArrayLike<number>>>): void
  /** The column's values so far: a view that later appends may leave behind. */
  column(name: Column): Float64Array
  /** The last value of a column; undefined while the series is empty. */
  last(name: Column): number | undefined
  /** Drops the rows from `length` on, as after a resume from an earlier step. */
  truncate(length: number): void
}

const FIRST_CAPACITY = 1024

/** An empty series. Storage doubles, so n appended rows cost O(n) copies in all. */
export function createSeries<const Column extends string>(columns: readonly Column[]): Series<Column> {
  const stores = new Map<Column, Float64Array>(
    columns.map((name) => [name, new Float64Array(FIRST_CAPACITY)]),
  )
  let length = 0

  const storeOf = (name: Column): Float64Array => {
    const store = stores.get(name)
    if (!store) throw new RangeError(`The series has no column ${name}.`)
    return store
  }

  return {
    columns,
    get length() {
      return length
    },
    append(block) {
      const rows = columns.length === 0 ? 0 : block[columns[0]!].length
      for (const name of columns) {
        if (block[name].length !== rows) {
          throw new RangeError(`Column ${name} has ${block[name].length} rows, not ${rows}.`)
        }
      }
      for (const name of columns) {
        let store = storeOf(name)
        if (length + rows > store.length) {
          const grown = new Float64Array(Math.max(2 * store.length, length + rows))
          grown.set(store.subarray(0, length))
          stores.set(name, grown)
          store = grown
        }
        store.set(block[name], length)
      }
      length += rows
    },
    column: (name) => storeOf(name).subarray(0, length),
    last: (name) => (length === 0 ? undefined : storeOf(name)[length - 1]),
    truncate(to) {
      length = Math.max(0, Math.min(length, Math.floor(to)))
    },
  }
}
