import { expect, it } from 'vitest'
import { KernelRunner } from '../../../gpu/kernel-runner.ts'
import { memoryStore } from '../../../lib/key-value-store.ts'
import type { ModelConfig } from '../../../model/model-config.ts'
import { KernelBench } from '../../ops/kernel-bench.ts'
import { builtInKernelSet } from '../kernel-set.ts'
import { tunedKernelSet } from './stored-kernel-set.ts'
import { tuneUnits } from './tune-units.ts'

const config: ModelConfig = { name: 'odd', dim: 20, ffn: 44, layers: 1, heads: 5, vocab: 264 }
const shape = { config, rows: 2, sequence: 19 }
const bench = await KernelBench.open()

it.skipIf(!bench)('measures both units of each op, and keeps the answers for shapes like these', async () => {
  const { gpu, runner } = bench!
  const store = memoryStore()
  const { units, measured } = await tuneUnits(runner, shape, { store })
  expect(measured.map(({ op, unit, refused }) => [op, unit, refused])).toEqual([
    ['rows', 'thread', undefined],
    ['rows', 'group', undefined],
    ['attention', 'thread', undefined],
    ['attention', 'group', undefined],
  ])
  expect(measured.every(({ milliseconds }) => milliseconds > 0)).toBe(true)
  expect(tunedKernelSet(gpu, store, shape)).toMatchObject(units)
  expect(tunedKernelSet(gpu, store, { ...shape, sequence: 900 })).toEqual(builtInKernelSet(gpu))
  expect(await tuneUnits(runner, { ...shape, sequence: 20 }, { store })).toEqual({ units, measured: [] })
})

it.skipIf(!bench)('chooses nothing whose results are off', async () => {
  class FaultyRunner extends KernelRunner {
    override async read(staging: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
      const content = await super.read(staging, bytes)
      new Float32Array(content)[0]! += 1e-3
      return content
    }
  }
  const { units, measured } = await tuneUnits(new FaultyRunner(bench!.gpu), shape)
  expect(units).toEqual({})
  expect(measured.every(({ refused }) => refused?.includes('CPU twin'))).toBe(true)
})
