import { expect, test } from 'vitest'
import { expandTemplate } from './wgsl-template.ts'

test('unrolls nested loops by constant and by number', () => {
  const source = `//#for r ROWS
a\${r};
//#for c 2
b\${r}_\${c};
//#end
//#end`
  expect(expandTemplate(source, { ROWS: 2 })).toBe('a0;\nb0_0;\nb0_1;\na1;\nb1_0;\nb1_1;')
})

test('a long loop stays a loop', () => {
  const source = `//#loop c VECS
a[\${c}];
//#end`
  expect(expandTemplate(source, { VECS: 2 })).toBe('{\na[0u];\n}\n{\na[1u];\n}')
  expect(expandTemplate(source, { VECS: 64 })).toBe('for (var c = 0u; c < 64u; c++) {\na[c];\n}')
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
