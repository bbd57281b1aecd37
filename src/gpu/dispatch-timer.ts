/** GPU time of the dispatches of one name. */
export interface DispatchTime {
  readonly name: string
  readonly count: number
  readonly milliseconds: number
}

const CAPACITY = 2048

/**
 * Times dispatches by timestamp queries, one compute pass for each, up to 2,048 of them. Made only while a profile
 * is taken, so it costs nothing otherwise. The device needs the feature 'timestamp-query'.
 */
export class DispatchTimer {
  readonly #device: GPUDevice
  readonly #queries: GPUQuerySet
  readonly #names: string[] = []

  constructor(device: GPUDevice) {
    this.#device = device
    this.#queries = device.createQuerySet({ type: 'timestamp', count: 2 * CAPACITY })
  }

  /** The pass descriptor that times one dispatch; undefined once the timer is full. */
  pass(name: string): GPUComputePassDescriptor | undefined {
    if (this.#names.length === CAPACITY) return undefined
    const begin = 2 * (this.#names.push(name) - 1)
    return {
      timestampWrites: {
        querySet: this.#queries,
        beginningOfPassWriteIndex: begin,
        endOfPassWriteIndex: begin + 1,
      },
    }
  }

  /** Sums by name, longest first, after everything timed has been submitted. The timer is spent afterwards. */
  async read(): Promise<DispatchTime[]> {
    const size = Math.max(16, 16 * this.#names.length)
    const resolved = this.#device.createBuffer({
      size,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    })
    const staging = this.#device.createBuffer({
      size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    })
    const encoder = this.#device.createCommandEncoder()
    encoder.resolveQuerySet(this.#queries, 0, 2 * this.#names.length, resolved, 0)
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, size)
    this.#device.queue.submit([encoder.finish()])
    await staging.mapAsync(GPUMapMode.READ)
    const stamps = new BigUint64Array(staging.getMappedRange().slice(0))
    for (const resource of [resolved, staging, this.#queries]) resource.destroy()
    return sumByName(this.#names, (index) => Number(stamps[2 * index + 1]! - stamps[2 * index]!) / 1e6)
  }
}

function sumByName(names: readonly string[], milliseconds: (index: number) => number): DispatchTime[] {
  const sums = new Map<string, DispatchTime>()
  names.forEach((name, index) => {
    const sum = sums.get(name) ?? { name, count: 0, milliseconds: 0 }
    sums.set(name, { name, count: sum.count + 1, milliseconds: sum.milliseconds + milliseconds(index) })
  })
  return [...sums.values()].sort((a, b) => b.milliseconds - a.milliseconds)
}
