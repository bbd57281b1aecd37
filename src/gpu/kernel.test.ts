import { expect, test } from 'vitest'
import { boundNames, defineKernel, foldWorkgroups, kernelCode, packParams } from './kernel.ts'

const scale = defineKernel({
  name: 'scale',
  source: '//#if bias\n// has a bias\n//#end\nfn run(thread: u32) { y[thread] = x[thread] * params.factor; }',
  bindings: { x: 'read f32', bias: 'read vec4f', y: 'write f32' },
  params: { rows: 'u32', factor: 'f32' },
})

test('declares only the bindings of the call and tells the source about them', () => {
  const bound = boundNames(scale, { x: 1, y: 1 })
  const code = kernelCode(scale, bound, { TILE: 4 })
  expect(bound).toEqual(['x', 'y'])
  expect(code).toContain('@binding(1) var<storage, read_write> y: array<f32>')
  expect(code).toContain('@binding(2) var<uniform> params')
  expect(code).toContain('const TILE = 4u;')
  expect(code).not.toContain('has a bias')
  expect(kernelCode(scale, boundNames(scale, { x: 1, bias: 1, y: 1 }), {})).toContain('has a bias')
})

test('packs parameters in order behind the thread count', () => {
  const view = new DataView(packParams(scale, 7, { factor: 0.5, rows: 3 }))
  expect([view.getUint32(0, true), view.getUint32(4, true), view.getFloat32(8, true)]).toEqual([7, 3, 0.5])
  expect(view.byteLength).toBe(16)
  expect(() => packParams(scale, 7, { rows: 3 })).toThrow('factor')
})

test('folds past the limit of one dimension and covers every group', () => {
  expect(foldWorkgroups(65_535, 65_535)).toEqual([65_535, 1])
  const [x, y] = foldWorkgroups(200_001, 65_535)
  expect(x).toBeLessThanOrEqual(65_535)
  expect(x * y).toBeGreaterThanOrEqual(200_001)
})

test('refuses more storage buffers than every device grants', () => {
  const bindings = Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => [`b${index}`, 'read f32' as const]),
  )
  expect(() => defineKernel({ name: 'wide', source: '', bindings, params: {} })).toThrow('9')
})
