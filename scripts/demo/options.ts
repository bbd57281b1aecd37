import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export interface DemoOptions {
  readonly data: string
  readonly steps: number
  readonly config: 'small' | 'practice'
  readonly from: 'scratch' | 'competitor'
  readonly sequence: number
  readonly out: string
}

export const usage = `Usage: npm run demo -- --data FILE [--steps N] [--config small|practice] [--from scratch|competitor] [--sequence 128] [--out DIR]
  The whole main job in a headless browser: drop FILE, train, commit, reveal, active.
  Prints one JSON line at the end and leaves a screenshot of each stage in DIR (demo-out).`

/** Throws an Error with a sentence where an argument is wrong. */
export function readOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      steps: { type: 'string', default: '40' },
      config: { type: 'string', default: 'small' },
      from: { type: 'string', default: 'scratch' },
      sequence: { type: 'string', default: '128' },
      out: { type: 'string', default: 'demo-out' },
    },
  })
  if (!values.data) throw new Error('--data FILE is missing.')
  const data = resolve(values.data)
  if (!existsSync(data)) throw new Error(`There is no file ${values.data}.`)
  if (!statSync(data).isFile()) throw new Error(`${values.data} is not a file.`)
  return {
    data,
    steps: whole('--steps', values.steps, 1, 1_000_000),
    config: oneOf('--config', values.config, ['small', 'practice']),
    from: oneOf('--from', values.from, ['scratch', 'competitor']),
    sequence: whole('--sequence', values.sequence, 2, 1024),
    out: resolve(values.out),
  }
}

function whole(name: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new Error(`${name} ${text} is not a whole number from ${min} to ${max}.`)
}

function oneOf<const T extends string>(name: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === text)
  if (choice) return choice
  throw new Error(`${name} ${text} is not one of ${choices.join(', ')}.`)
}
