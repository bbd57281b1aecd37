import { expect, test } from 'vitest'
import { readOptions } from './options.ts'

test('defaults are the short run of the smallest config', () => {
  expect(readOptions(['--data', 'package.json'])).toMatchObject({
    steps: 40,
    config: 'small',
    from: 'scratch',
    sequence: 128,
  })
})

test.each([
  [[], '--data FILE is missing.'],
  [['--data', 'no-such-file'], 'There is no file no-such-file.'],
  [['--data', 'src'], 'src is not a file.'],
  [['--data', 'package.json', '--steps', '1.5'], '--steps 1.5 is not a whole number'],
  [['--data', 'package.json', '--config', 'v1'], '--config v1 is not one of small, practice.'],
  [['--data', 'package.json', '--sequence', '2048'], '--sequence 2048 is not a whole number from 2 to 1024.'],
])('%j is refused in a sentence', (args, sentence) => {
  expect(() => readOptions(args)).toThrow(sentence)
})
