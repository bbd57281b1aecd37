import { expect, test } from 'vitest'
import { memorySource } from './memory-source.ts'
import { passageInputs } from './passage-inputs.ts'
import { type PassageKind, splitPassages } from './split-passages.ts'

const encode = (text: string) => new TextEncoder().encode(text)

function cut(text: string, kind: PassageKind, limits: { minBytes?: number; maxBytes?: number } = {}) {
  const bytes = encode(text)
  return splitPassages(bytes, { kind, minBytes: 1, ...limits }).map(({ from, to }) =>
    new TextDecoder().decode(bytes.subarray(from, to)),
  )
}

const python = `import os

# Adds.
@cached
def add(
    a, b
):
    """Both.

    Together."""
    if a:
        return a + b

    return b

class Point:
    x = 0

    def norm(self):
        return abs(self.x)

print(add(1, 2))
`

const script = `/**
 * Says hello.
 */
export async function hello(name) {
  if (name) { return { text: name } }
}

// One
// Two
const x = 1
void main(int argc) {
  for (;;) { }
}
declare function later(): void;
`

test('functions, by indentation and by braces', () => {
  const [add, point, ...rest] = cut(python, 'function')
  expect(add).toBe(python.slice(python.indexOf('# Adds'), python.indexOf('\nclass Point')))
  expect(point).toBe(python.slice(python.indexOf('class'), python.indexOf('\nprint')))
  expect(rest).toEqual([])
  // A class that does not fit gives its methods.
  expect(cut(python, 'function', { maxBytes: 60 }).at(-1)).toBe(
    python.slice(python.indexOf('    def norm'), python.indexOf('\nprint')),
  )
  expect(cut(script, 'function')).toEqual([
    script.slice(0, script.indexOf('\n// One')),
    script.slice(script.indexOf('void main'), script.indexOf('declare')),
  ])
})

test('docstrings and comments of several lines', () => {
  expect(cut(python, 'docstring')).toEqual(['    """Both.\n\n    Together."""\n'])
  expect(cut(script, 'docstring')).toEqual(['/**\n * Says hello.\n */\n', '// One\n// Two\n'])
  expect(cut('"""open', 'docstring')).toEqual([])
})

test('paragraphs, the short left out and the long cut between lines', () => {
  const text = 'first\nparagraph\n\n \nsecond, long\nas it is\n\nx'
  expect(cut(text, 'paragraph')).toEqual(['first\nparagraph\n', 'second, long\nas it is\n', 'x'])
  expect(cut(text, 'paragraph', { minBytes: 2, maxBytes: 14 })).toEqual([
    'first\n',
    'paragraph\n',
    'second, long\n',
    'as it is\n',
  ])
  expect(cut('abcdefgh', 'paragraph', { maxBytes: 3 })).toEqual(['abc', 'def', 'gh'])
  expect(cut('', 'paragraph')).toEqual([])
})

test('any bytes: passages stay inside, in order, and apart', () => {
  let state = 1
  const bytes = Uint8Array.from({ length: 20_000 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return '{}\n\n  "/*#def fn(x):;\u00e9'.charCodeAt((state >>> 16) % 23)
  })
  for (const kind of ['function', 'docstring', 'paragraph'] as const) {
    let end = 0
    for (const { from, to } of splitPassages(bytes, { kind, minBytes: 1, maxBytes: 100 })) {
      expect(from).toBeGreaterThanOrEqual(end)
      expect(to - from).toBeLessThanOrEqual(100)
      end = to
    }
    expect(end).toBeLessThanOrEqual(bytes.length)
  }
})

test('the effect on windows, and inputs that read only their passage', async () => {
  const text = `${'a'.repeat(20)}\n\n${'b'.repeat(9)}\n`
  const inputs = [
    { name: 'one', origin: 'file' as const, source: memorySource('one', encode(text)), weight: 2 },
    { name: 'none', origin: 'file' as const, source: memorySource('none', encode('\n\n')) },
  ]
  const made = await passageInputs(inputs, { kind: 'paragraph', minBytes: 1, sequence: 16 })
  expect(made.effect).toEqual({
    passages: 2,
    windowsBefore: 3,
    windowsAfter: 3,
    bytesBefore: 34,
    bytesAfter: 31,
    filledBefore: 34 / 48,
    filledAfter: 31 / 48,
    without: ['none'],
  })
  const [, second] = made.inputs
  expect(second).toMatchObject({ name: 'one#2', origin: 'file', weight: 2 })
  expect(await second!.source.slice(0, second!.source.size)).toEqual(encode(`${'b'.repeat(9)}\n`))
  await expect(second!.source.slice(0, 11)).rejects.toThrow()
})
