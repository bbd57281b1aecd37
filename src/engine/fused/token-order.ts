/** Positions of a batch grouped by token: those of `id` are order[starts[id]] to order[starts[id + 1] - 1], ascending. */
export interface TokenOrder {
  readonly order: Int32Array
  /** [vocab + 1] */
  readonly starts: Int32Array
}

/** Counting sort, so that the embedding's gradient is a sum over known places in a fixed order. */
export function tokenOrder(tokens: Int32Array, vocab: number): TokenOrder {
  const starts = new Int32Array(vocab + 1)
  for (const token of tokens) starts[token + 1] = starts[token + 1]! + 1
  for (let id = 0; id < vocab; id += 1) starts[id + 1] = starts[id + 1]! + starts[id]!
  const next = starts.slice()
  const order = new Int32Array(tokens.length)
  tokens.forEach((token, position) => {
    order[next[token]!] = position
    next[token] = next[token]! + 1
  })
  return { order, starts }
}
