import { expect, test } from 'vitest'
import { expandTemplate } from './wgsl-template.ts'

test('unrolls nested loops by constant and by number', () => {
  const source = ['//#for r ROWS', 'a${r};', '//#for c 2', 'b${r}_${c};', '//#end', '//#end'].join('\n')
  expect(expandTemplate(source, { ROWS: 2 })).toBe('a0;\nb0_0;\nb0_1;\na1;\nb1_0;\nb1_1;')
})

test('keeps and drops branches', () => {
  const source = ['//#if bias', 'with', '//#end', '//#ifnot bias', 'without', '//#end'].join('\n')
  expect(expandTemplate(source, { bias: 1 })).toBe('with')
  expect(expandTemplate(source, {})).toBe('without')
})

test('refuses unbalanced directives and unknown counts', () => {
  expect(() => expandTemplate('//#end', {})).toThrow('too many')
  expect(() => expandTemplate('//#for r 2', {})).toThrow('lacks')
  expect(() => expandTemplate('//#for r ROWS\n//#end', {})).toThrow('no constant')
})
