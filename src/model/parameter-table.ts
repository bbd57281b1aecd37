import type { ModelConfig } from './model-config.ts'

/** How a fresh tensor is drawn: PyTorch's defaults for nn.Linear, nn.Embedding and nn.LayerNorm. */
export type Initialiser =
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'normal' }
  | { readonly kind: 'constant'; readonly value: number }

export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
  /** Number of elements. */
  readonly size: number
  readonly init: Initialiser
}

const normal: Initialiser = { kind: 'normal' }
const ones: Initialiser = { kind: 'constant', value: 1 }
const zeros: Initialiser = { kind: 'constant', value: 0 }

function tensor(name: string, shape: readonly number[], init: Initialiser): Parameter {
  return { name, shape, size: shape.reduce((product, length) => product * length, 1), init }
}

function linear(prefix: string, inputs: number, outputs: number): Parameter[] {
  const init: Initialiser = { kind: 'uniform', bound: 1 / Math.sqrt(inputs) }
  return [tensor(`${prefix}.weight`, [inputs, outputs], init), tensor(`${prefix}.bias`, [outputs], init)]
}

function layerNorm(prefix: string, dim: number): Parameter[] {
  return [tensor(`${prefix}.gamma`, [dim], ones), tensor(`${prefix}.beta`, [dim], zeros)]
}

/**
 * Every tensor of a config in the order of the canonical safetensors file: keys sorted by name, code point by code
 * point ("layers.10" before "layers.2"). Linear weights are [in, out]. Source: protocol 6.2.
 */
export function parameterTable(config: ModelConfig): readonly Parameter[] {
  const { dim, ffn, layers, vocab } = config
  const table = [
    tensor('embedding.weight', [vocab, dim], normal),
    ...layerNorm('final_norm', dim),
    ...linear('predictor', dim, vocab),
  ]
  for (let layer = 0; layer < layers; layer += 1) {
    const prefix = `encoder.layers.${layer}`
    table.push(
      ...layerNorm(`${prefix}.norm_1`, dim),
      ...['query', 'key', 'value', 'output'].flatMap((part) =>
        linear(`${prefix}.attention.${part}`, dim, dim),
      ),
      ...layerNorm(`${prefix}.norm_2`, dim),
      ...linear(`${prefix}.pwff.linear_inner`, dim, ffn),
      ...linear(`${prefix}.pwff.linear_outer`, ffn, dim),
    )
  }
  return table.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Number of trained values: 13,192 for small, 1,209,684,232 for v1. */
export function parameterCount(config: ModelConfig): number {
  return parameterTable(config).reduce((sum, parameter) => sum + parameter.size, 0)
}
