import { describe, expect, it } from 'vitest'
import { createTapeEngine } from '../src/engine/create-tape-engine.ts'
import type { Engine } from '../src/engine/engine.ts'
import { createFusedEngine } from '../src/engine/fused/create-fused-engine.ts'
import { adapterName, openDevice } from '../src/gpu/open-device.ts'
import { openTfjsDevice } from '../src/gpu/tfjs-device.ts'
import { type ModelConfig, practice, small } from '../src/model/model-config.ts'
import { trainingFlops } from '../src/model/training-cost.ts'
import { syntheticBatch } from './synthetic-batch.ts'

/** The fused engine against the tape, alternating steps on one device: what counts is the ratio. */
const d64: ModelConfig = { name: 'd64', dim: 64, ffn: 256, layers: 2, heads: 4, vocab: 264 }
const d128: ModelConfig = { name: 'd128', dim: 128, ffn: 512, layers: 4, heads: 4, vocab: 264 }
const cases: { config: ModelConfig; sequence: number; rows: number; repeats: number }[] = [
  { config: small, sequence: 128, rows: 8, repeats: 10 },
  { config: small, sequence: 1024, rows: 2, repeats: 8 },
  { config: d64, sequence: 64, rows: 2, repeats: 10 },
  { config: d128, sequence: 128, rows: 2, repeats: 8 },
  { config: practice, sequence: 256, rows: 8, repeats: 5 },
]
const WARM_UP = 2

describe.each(cases)('$config.name, $rows x $sequence', ({ config, sequence, rows, repeats }) => {
  it('is measured', async () => {
    const device = await openTfjsDevice(await openDevice())
    const engines = {
      fused: createFusedEngine(config, device.gpu),
      tape: createTapeEngine(config, device),
    }
    const batch = syntheticBatch(rows, sequence)
    const request = { microBatches: [batch], learningRate: 1e-3, dropout: 0, seed: 7 }
    const first: Record<string, number> = {}
    const times: Record<string, number[]> = { fused: [], tape: [] }
    const counts: Record<string, { dispatches: number; submits: number }> = {}
    let worstLossDifference = 0
    for (const engine of Object.values(engines)) await engine.initialise(7)
    for (let step = 0; step < WARM_UP + repeats; step += 1) {
      const losses: number[] = []
      for (const [name, engine] of Object.entries(engines) as [string, Engine][]) {
        const before = engine.counters()
        const start = performance.now()
        losses.push((await engine.step(request)).loss)
        await device.gpu.device.queue.onSubmittedWorkDone()
        const seconds = (performance.now() - start) / 1000
        const after = engine.counters()
        counts[name] = {
          dispatches: after.dispatches - before.dispatches,
          submits: after.submits - before.submits,
        }
        if (step === 0) first[name] = round(seconds)
        else if (step >= WARM_UP) times[name]!.push(seconds)
      }
      worstLossDifference = Math.max(worstLossDifference, Math.abs(losses[0]! - losses[1]!))
    }
    const [fused, tape] = [median(times['fused']!), median(times['tape']!)]
    const [fusedBest, tapeBest] = [Math.min(...times['fused']!), Math.min(...times['tape']!)]
    console.log(
      JSON.stringify({
        adapter: adapterName(device.gpu.adapterInfo),
        config: config.name,
        rows,
        sequence,
        secondsPerStep: { fused: round(fused), tape: round(tape) },
        fusedIsFasterBy: round(tape / fused),
        // The least disturbed step of each, where other programs share the machine.
        bestSeconds: { fused: round(fusedBest), tape: round(tapeBest) },
        fusedGigaflops: round(trainingFlops(config, rows * sequence, sequence) / fused / 1e9),
        counts,
        megabytes: {
          fused: round(engines.fused.memoryBytes() / 1e6),
          tape: round(engines.tape.memoryBytes() / 1e6),
        },
        firstStepSeconds: first,
        worstLossDifference,
      }),
    )
    for (const engine of Object.values(engines)) engine.dispose()
    device.dispose()
    expect(worstLossDifference).toBeLessThan(1e-3)
  })
})

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
