/** One at a time: whoever holds the lane has the engine to itself. First come, first served. */
export interface Lane {
  /** Resolves when it is this caller's turn; the returned function gives the lane back. */
  enter(): Promise<() => void>
  run<T>(job: () => Promise<T>): Promise<T>
}

export function createLane(): Lane {
  let tail: Promise<void> = Promise.resolve()
  const enter = async () => {
    const before = tail
    let leave = () => {}
    tail = new Promise((resolve) => {
      leave = resolve
    })
    await before
    return leave
  }
  return {
    enter,
    async run(job) {
      const leave = await enter()
      try {
        return await job()
      } finally {
        leave()
      }
    },
  }
}
