import type { KernelRunner } from '../../../gpu/kernel-runner.ts'
import { throwIfAborted } from '../../../lib/abort.ts'
import type { KeyValueStore } from '../../../lib/key-value-store.ts'
import { type GemmShape, gemmClass } from '../gemm/gemm-shape.ts'
import { parseGemmVariant } from '../gemm/gemm-variant.ts'
import { GemmCheck, trialOperands } from './check-gemm.ts'
import { gemmCandidates, refinements } from './gemm-candidates.ts'
import { GemmTrial } from './gemm-trial.ts'
import type { GemmUse } from './gemm-uses.ts'
import { timeProgram } from './time-program.ts'
import { readTunedGemm, saveTunedGemm } from './tuned-gemm.ts'

/** One variant's measurement in a class. */
export interface GemmMeasurement {
  readonly gemmClass: string
  readonly variant: string
  /** 1e9 floating-point operations a second. */
  readonly gflops: number
  /** Why it cannot be chosen: its result is off, or it did not run. */
  readonly refused?: string
}

export interface TuneOptions {
  readonly signal?: AbortSignal
  /** The class under way, from 1, of how many, and what was just measured of it. */
  readonly onProgress?: (current: number, total: number, measured: GemmMeasurement) => void
  /** Answers of this adapter and version are taken from here and put there. */
  readonly store?: KeyValueStore
  /** Measures also what is in the store. */
  readonly again?: boolean
  /** f16 tiles too: faster on some GPUs, and coarser. */
  readonly half?: boolean
  /** Waited for before each sample of a few milliseconds; gives the event loop a turn if absent. */
  readonly between?: () => Promise<void>
  /** Instead of all that are worth trying. */
  readonly candidates?: (use: GemmUse) => readonly string[]
}

export interface TunedGemm {
  /** Variant by class, for KernelSet.gemm. */
  readonly gemm: Readonly<Record<string, string>>
  /** What was measured now; empty for answers from the store. */
  readonly measured: readonly GemmMeasurement[]
}

/** A sample that shows a variant this many times slower than the best is its last one. */
const HOPELESS = 2
/** Tiles of a class that are measured once more, so that a disturbed sample does not decide. */
const FINALISTS = 3

/**
 * Measures, for each class among these products, every candidate on real buffers and picks the fastest whose result
 * agrees with the CPU twin. Rejects with 'cancelled'; classes finished before are in the store by then.
 */
export async function tuneGemm(
  runner: KernelRunner,
  uses: readonly GemmUse[],
  options: TuneOptions = {},
): Promise<TunedGemm> {
  const { store, half = false, again = false } = options
  const known = store && !again ? readTunedGemm(store, runner.gpu, half) : {}
  const classes = new Map(uses.map((use) => [gemmClass(use.kind, use.shape), use]))
  const check = new GemmCheck(runner)
  const measured: GemmMeasurement[] = []
  const gemm: Record<string, string> = {}
  let done = 0
  for (const [name, use] of classes) {
    done += 1
    const stored = known[name]
    if (stored !== undefined) {
      gemm[name] = stored
      continue
    }
    const results = await tuneClass(runner, use, check, options, (result) =>
      options.onProgress?.(done, classes.size, result),
    )
    measured.push(...results)
    const best = ranked(results)[0]
    if (!best) continue
    gemm[name] = best.variant
    if (store) saveTunedGemm(store, runner.gpu, half, { [name]: best.variant })
  }
  return { gemm, measured }
}

/** All candidates, then the best of them once more; -> the better measurement of each, in order. */
async function tuneClass(
  runner: KernelRunner,
  use: GemmUse,
  check: GemmCheck,
  { signal, between, candidates, half }: TuneOptions,
  onResult: (result: GemmMeasurement) => void,
): Promise<GemmMeasurement[]> {
  const { kind, shape } = use
  const operands = trialOperands(kind, shape)
  const results = new Map<string, GemmMeasurement>()
  const measure = async (variants: readonly string[]) => {
    for (const variant of variants) {
      throwIfAborted(signal)
      const best = ranked([...results.values()])[0]?.gflops ?? 0
      const result = await measureVariant(runner, use, operands, variant, best, check, between)
      const before = results.get(variant)
      if (!before || before.gflops < result.gflops) results.set(variant, result)
      // A lost device refuses everything, which says nothing about variants.
      runner.gpu.assertHealthy()
      onResult(result)
    }
  }
  await measure(candidates?.(use) ?? gemmCandidates(runner.gpu, kind, shape, half))
  const finalists = ranked([...results.values()]).slice(0, FINALISTS)
  await measure(
    refinements(
      kind,
      shape,
      finalists.map(({ variant }) => variant),
    ),
  )
  return [...results.values()]
}

/** Those that may be chosen, fastest first. */
export function ranked(results: readonly GemmMeasurement[]): GemmMeasurement[] {
  return results.filter(({ refused }) => refused === undefined).sort((a, b) => b.gflops - a.gflops)
}

/** Checks the result of one variant and times it. */
async function measureVariant(
  runner: KernelRunner,
  { kind, shape }: GemmUse,
  operands: [Float32Array, Float32Array],
  variant: string,
  best: number,
  check: GemmCheck,
  between: TuneOptions['between'] = () => new Promise<void>((resolve) => setTimeout(resolve)),
): Promise<GemmMeasurement> {
  const named = { gemmClass: gemmClass(kind, shape), variant }
  const flops = gemmFlops(shape)
  const giveUpAt = best > 0 ? (HOPELESS * flops) / best / 1e6 : Number.POSITIVE_INFINITY
  if (!parseGemmVariant(variant)) return { ...named, gflops: 0, refused: 'There is no such variant.' }
  const trial = await GemmTrial.create(runner, kind, shape, variant).catch((error: unknown) => String(error))
  if (typeof trial === 'string') return { ...named, gflops: 0, refused: trial }
  let milliseconds: number
  try {
    if (!(await check.passes(kind, shape, variant))) {
      return { ...named, gflops: 0, refused: 'Its result differs from the CPU twin.' }
    }
    trial.write(...operands)
    milliseconds = await timeProgram(runner, trial.bound.program, { giveUpAt, between })
  } finally {
    trial.dispose()
  }
  return { ...named, gflops: flops / milliseconds / 1e6 }
}

/** Multiplications and additions of a product. */
export function gemmFlops({ m, k, n }: GemmShape): number {
  return 2 * m * k * n
}
