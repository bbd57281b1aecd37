/** Golden files for tests, read the same way in Node and in a browser page of the test server. */

export interface GoldenTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array | Int32Array | Uint8Array
}

async function goldenBytes(path: string): Promise<ArrayBuffer> {
  const base = import.meta.url
  const url = new URL(`golden/${path}`, base)
  if (url.protocol === 'file:') {
    const { readFile } = await import('node:fs/promises')
    return Uint8Array.from(await readFile(url)).buffer
  }
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${url.pathname}: ${answer.status}`)
  return answer.arrayBuffer()
}

export async function goldenJson<T>(path: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await goldenBytes(path))) as T
}

const views = { F32: Float32Array, I32: Int32Array, U8: Uint8Array } as const

/** All tensors of a safetensors file by name. */
export class GoldenTensors {
  readonly #tensors: ReadonlyMap<string, GoldenTensor>

  private constructor(tensors: ReadonlyMap<string, GoldenTensor>) {
    this.#tensors = tensors
  }

  static async load(path: string): Promise<GoldenTensors> {
    const buffer = await goldenBytes(path)
    const headerLength = Number(new DataView(buffer).getBigUint64(0, true))
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, headerLength))) as Record<
      string,
      { dtype: keyof typeof views; shape: number[]; data_offsets: [number, number] }
    >
    const tensors = new Map<string, GoldenTensor>()
    for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
      const [from, to] = data_offsets.map((offset) => 8 + headerLength + offset) as [number, number]
      tensors.set(name, { shape, values: new views[dtype](buffer.slice(from, to)) })
    }
    return new GoldenTensors(tensors)
  }

  get names(): string[] {
    return [...this.#tensors.keys()]
  }

  tensor(name: string): GoldenTensor {
    const tensor = this.#tensors.get(name)
    if (tensor === undefined) throw new Error(`no golden tensor ${name}`)
    return tensor
  }

  f32(name: string): Float32Array {
    return this.tensor(name).values as Float32Array
  }

  i32(name: string): Int32Array {
    return this.tensor(name).values as Int32Array
  }
}

/** Largest absolute difference of two arrays of one length; NaN counts as infinite. */
export function maxDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`lengths ${actual.length} and ${expected.length}`)
  let worst = 0
  for (let index = 0; index < expected.length; index += 1) {
    const difference = Math.abs(actual[index]! - expected[index]!)
    worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference)
  }
  return worst
}

/** Largest absolute difference divided by the largest magnitude of `expected`. */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  return (
    maxDifference(actual, expected) /
    Math.max(maxDifference(expected, new Float32Array(expected.length)), 1e-30)
  )
}
