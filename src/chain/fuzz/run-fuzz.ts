import { getHeapStatistics } from 'node:v8'
import { StudioError } from '../../lib/studio-error.ts'
import { mutateBytes, mutateText } from './mutate.ts'
import { createRandomSource, type RandomSource } from './random-source.ts'

/** A decoder under test, with sound inputs to start from. */
export type FuzzTarget = {
  readonly name: string
  /** Returns or throws a StudioError; anything else thrown is a fault. */
  run(input: never): unknown
} & (
  | { readonly kind: 'bytes'; readonly seeds: readonly Uint8Array[]; run(input: Uint8Array): unknown }
  | { readonly kind: 'text'; readonly seeds: readonly string[]; run(input: string): unknown }
)

export interface FuzzFault {
  readonly target: string
  /** Hex of bytes, JSON of a text. */
  readonly input: string
  readonly what: string
}

export interface FuzzReport {
  readonly inputs: number
  /** Inputs that were understood all the same. */
  readonly accepted: number
  readonly faults: readonly FuzzFault[]
  readonly slowestMs: number
  readonly slowest: string
}

/** An input of a few KB that takes longer hangs; generous, because the machine may be busy. */
const HANGS_MS = 2000
/** Asking for memory takes longer than decoding. */
const MEASURED_TOGETHER = 32
/** What so many inputs may leave in memory, in bytes: inputs are small, so is what comes out of them. */
const OVER_ALLOCATES = 256 * 2 ** 20

/** Feeds `inputs` mutated inputs to each target, the same for the same seed; never throws for a fault. */
export async function runFuzz(targets: readonly FuzzTarget[], inputs: number, seed = 1): Promise<FuzzReport> {
  const faults: FuzzFault[] = []
  let accepted = 0
  let slowestMs = 0
  let slowest = ''
  for (const [index, target] of targets.entries()) {
    const random = createRandomSource(seed * 7919 + index)
    let before = 0
    for (let i = 0; i < inputs && faults.length < 20; i += 1) {
      const input = draw(target, random)
      const fault = (what: string) => faults.push({ target: target.name, input: shown(input), what })
      if (i % MEASURED_TOGETHER === 0) before = held()
      const start = performance.now()
      try {
        const result = target.run(input as never)
        if (result instanceof Promise) await result
        accepted += 1
      } catch (error) {
        if (!(error instanceof StudioError) || error.code === 'internal') fault(String(error))
      }
      const took = performance.now() - start
      if (took > slowestMs) {
        slowestMs = took
        slowest = target.name
      }
      if (took > HANGS_MS) fault(`took ${Math.round(took)} ms`)
      if (i % MEASURED_TOGETHER !== MEASURED_TOGETHER - 1) continue
      const grown = held() - before
      if (grown > OVER_ALLOCATES)
        fault(`or one of those before it allocated ${Math.round(grown / 2 ** 20)} MiB`)
    }
  }
  return { inputs: inputs * targets.length, accepted, faults, slowestMs, slowest }
}

/** On the heap and in buffers beside it. */
function held(): number {
  const { used_heap_size, external_memory } = getHeapStatistics()
  return used_heap_size + external_memory
}

function draw(target: FuzzTarget, random: RandomSource): Uint8Array | string {
  return target.kind === 'bytes'
    ? mutateBytes(random.pick(target.seeds), random)
    : mutateText(random.pick(target.seeds), random)
}

function shown(input: Uint8Array | string): string {
  return typeof input === 'string'
    ? JSON.stringify(input.slice(0, 200))
    : Buffer.from(input.subarray(0, 2000)).toString('hex')
}
