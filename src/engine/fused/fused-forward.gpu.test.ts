import { describe, expect, it } from 'vitest'
import { goldenModels, goldenTraining } from '../../../test/golden-models.ts'
import { GoldenTensors, maxDifference } from '../../../test/golden-tensors.ts'
import type { Slice } from '../../gpu/schedule.ts'
import { KernelBench } from '../ops/kernel-bench.ts'
import { ropeAngles } from '../rope-angles.ts'
import { addEncoder } from './forward-schedule.ts'
import { defaultKernelSet } from './kernel-set.ts'
import { addPredictor } from './loss-schedule.ts'
import { modelRegions, parameterSlice } from './model-regions.ts'
import { parameterLayout } from './parameter-layout.ts'
import { activations, createPass } from './pass.ts'
import type { StepState } from './step-state.ts'

/** Hidden states and logits, f32 on a GPU: golden README, "Tolerances". */
const TOLERANCE = 5e-5

const bench = await KernelBench.open()

describe.skipIf(!bench).each(['thread', 'group'] as const)('forward by %s', (unit) => {
  it.each(['v1-small', 'v1-mid'] as const)(
    'gives the final hidden states and logits of %s',
    async (folder) => {
      const { config, rows, sequence } = goldenModels[folder]
      const kernels = { ...defaultKernelSet, rows: unit, attention: unit }
      const model = modelRegions(parameterLayout(config, 2 ** 27))
      const shape = { rows, sequence, dropout: false, positions: false }
      const pass = createPass(config, model, shape, { kernels })
      const { hidden } = addEncoder(pass)
      const logits = activations(pass, 'logits', config.vocab)
      addPredictor(pass, hidden, rows * sequence, logits)

      const weights = await GoldenTensors.load(`${folder}/weights.init.safetensors`)
      const { cos, sin } = ropeAngles([...Array(sequence).keys()], config.dim / config.heads)
      const { batches } = await goldenTraining(folder)
      const inputs: [Slice, Float32Array | Int32Array][] = [
        ...weights.names.map((name): [Slice, Float32Array] => [
          parameterSlice(model, 'values', name),
          weights.f32(name),
        ]),
        [pass.tokens, batches[0]!.tokens],
        [pass.cosine, cos],
        [pass.sine, sin],
      ]
      const results = await bench!.run(pass.schedule, {} as StepState, inputs, [hidden, logits])
      const golden = await GoldenTensors.load(`${folder}/forward.safetensors`)
      for (const [index, name] of ['final', 'logits'].entries()) {
        const actual = new Float32Array(results[index]!)
        expect(maxDifference(actual, golden.f32(name)), name).toBeLessThanOrEqual(TOLERANCE)
      }
    },
  )
})
