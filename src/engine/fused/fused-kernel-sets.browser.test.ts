import { beforeAll, describe, expect, it } from 'vitest'
import { goldenModels, goldenTraining, loadGoldenWeights } from '../../../test/golden-models.ts'
import { GoldenTensors, maxDifference, relativeDifference } from '../../../test/golden-tensors.ts'
import type { GpuDevice } from '../../gpu/open-device.ts'
import { PAD } from '../../tokenizer/encode-window.ts'
import type { TokenBatch } from '../engine.ts'
import { openTestGpu } from '../ops/test-gpu.ts'
import { createFusedEngine } from './create-fused-engine.ts'
import { defaultKernelSet, type KernelSet } from './kernel-set.ts'

/** f32 on a GPU, golden README, "Tolerances". */
const LOSS = 2e-5
const GRADIENT = 1e-4
const HIDDEN = 5e-5

const groups: KernelSet = { ...defaultKernelSet, rows: 'group', attention: 'group' }

let gpu: GpuDevice
beforeAll(async () => {
  gpu = await openTestGpu()
})

const engineOf = (model: keyof typeof goldenModels, kernels: KernelSet) =>
  createFusedEngine(goldenModels[model].config, gpu, { kernels })

async function gradients(
  folder: 'v1-small' | 'v1-mid',
  weights: string,
  kernels: KernelSet,
  batch: TokenBatch,
  noise: Float32Array,
): Promise<(name: string) => Promise<Float32Array>> {
  const engine = engineOf(folder, kernels)
  await loadGoldenWeights(engine, `${weights}.safetensors`)
  await engine.step({ microBatches: [batch], learningRate: 1e-4, dropout: 0, seed: 0, noise: [noise] })
  return (name) => engine.readGradient(name)
}

describe('with reductions and attention by workgroups', () => {
  it.each([
    ['v1-small/weights.init', 'v1-small/grads.step0', 'v1-small'],
    ['scoring/weights.small-42', 'scoring/grads.small-42', 'v1-small'],
    ['v1-mid/weights.init', 'v1-mid/grads.step0', 'v1-mid'],
  ] as const)('gradients from %s match %s', async (weights, expected, folder) => {
    const { batches, noise } = await goldenTraining(folder)
    const gradient = await gradients(folder, weights, groups, batches[0]!, noise[0]!)
    const golden = await GoldenTensors.load(`${expected}.safetensors`)
    for (const name of golden.names)
      expect(relativeDifference(await gradient(name), golden.f32(name)), name).toBeLessThanOrEqual(GRADIENT)
  })

  it('training with dropout gives equal bits twice, and the losses of the other kernels', async () => {
    const run = async (kernels: KernelSet) => {
      const engine = engineOf('v1-small', kernels)
      await engine.initialise(3)
      const { batches } = await goldenTraining('v1-small')
      const losses: number[] = []
      for (let step = 0; step < 3; step += 1) {
        const microBatches = batches.slice(0, 2)
        losses.push((await engine.step({ microBatches, learningRate: 1e-3, dropout: 0.1, seed: 5 })).loss)
      }
      const evaluated = await engine.evaluate(batches[2]!, (await goldenTraining('v1-small')).noise[0]!)
      const weights = await engine.readTensor('encoder.layers.1.attention.key.weight')
      engine.dispose()
      return { losses, evaluated, weights }
    }
    const first = await run(groups)
    expect(await run(groups)).toEqual(first)
    const other = await run(defaultKernelSet)
    expect(maxDifference(first.losses, other.losses)).toBeLessThanOrEqual(LOSS)
    expect(maxDifference(first.evaluated.rowMeans, other.evaluated.rowMeans)).toBeLessThanOrEqual(HIDDEN)
  })
})

describe.each([
  ['thread', defaultKernelSet],
  ['group', groups],
] as const)('both losses apart, by %s', (_, kernels) => {
  it('match the gradients of the package', async () => {
    const { batches, noise } = await goldenTraining('v1-small')
    const batch = batches[0]!
    const weights = 'v1-small/weights.init'
    const both = await gradients('v1-small', weights, kernels, batch, noise[0]!)
    // Without a target only SIGReg is left.
    const untargeted = { ...batch, targets: batch.targets.map(() => PAD) }
    const sigreg = await gradients('v1-small', weights, kernels, untargeted, noise[0]!)
    const golden = {
      ce: await GoldenTensors.load('v1-small/grads.step0.ce.safetensors'),
      sigreg: await GoldenTensors.load('v1-small/grads.step0.sigreg.safetensors'),
    }
    for (const name of golden.ce.names) {
      const [total, part] = [await both(name), await sigreg(name)]
      const expected = { ce: golden.ce.f32(name), sigreg: golden.sigreg.f32(name) }
      // The bias of the key has no gradient but rounding.
      if (name.endsWith('key.bias')) continue
      expect(relativeDifference(part, expected.sigreg), name).toBeLessThanOrEqual(GRADIENT)
      const rest = total.map((value, index) => value - part[index]!)
      expect(relativeDifference(rest, expected.ce), name).toBeLessThanOrEqual(GRADIENT)
    }
  })
})
