import { expect, it } from 'vitest'
import { type ModelConfig, practice, small } from '../../../model/model-config.ts'
import { gemmClass, gemmKinds } from '../gemm/gemm-shape.ts'
import { modelRegions } from '../model-regions.ts'
import { parameterLayout } from '../parameter-layout.ts'
import { planTraining } from '../training-plan.ts'
import { gemmUses } from './gemm-uses.ts'

const odd: ModelConfig = { name: 'odd', dim: 20, ffn: 44, layers: 2, heads: 5, vocab: 264 }

it.each([small, practice, odd])('the products of %o are those of its training plan', (config) => {
  const [rows, sequence] = [3, 43]
  const model = modelRegions(parameterLayout(config, 2 ** 30))
  const shape = { rows, sequence, dropout: false, positions: false }
  const { schedule } = planTraining(config, model, shape, false)
  const planned = schedule.dispatches.flatMap(({ kernel, params }) => {
    const kind = gemmKinds.find((name) => kernel.name === `gemm-${name}`)
    const [m, k, n] = [params['m'], params['k'], params['n']].map(Number) as [number, number, number]
    return kind ? [gemmClass(kind, { m, k, n })] : []
  })
  const uses = gemmUses(config, rows * sequence).map((use) => gemmClass(use.kind, use.shape))
  expect(new Set(uses)).toEqual(new Set(planned))
})
