import { createRandom, type Random } from './random.ts'

/**
 * Texts that the worlds' competitors are trained on, and what their submitters send. All are made here from word lists and rules of our own, so
 * they have no source to state; one seed gives one text.
 */
export type CorpusName = 'prose' | 'code' | 'records' | 'measurements'

export const corpusNames: readonly CorpusName[] = ['prose', 'code', 'records', 'measurements']

/** At least `bytes` bytes of a corpus, cut to that length. */
export function makeCorpus(name: CorpusName, bytes: number, seed: number): Uint8Array {
  const random = createRandom(seed)
  const parts: string[] = []
  let length = 0
  while (length < bytes) {
    const part = makers[name](random)
    parts.push(part)
    length += part.length
  }
  return new TextEncoder().encode(parts.join('')).slice(0, bytes)
}

const pick = <T>(random: Random, items: readonly T[]): T => items[random(items.length)]!

const makers: Record<CorpusName, (random: Random) => string> = {
  prose: makeProse,
  code: makeCode,
  records: makeRecord,
  measurements: makeMeasurement,
}

const people = [
  'the miller',
  'a ferryman',
  'Anna',
  'the old teacher',
  'her brother',
  'a clockmaker',
  'the gardener',
]
const places = [
  'by the river',
  'in the orchard',
  'at the station',
  'under the bridge',
  'in the north room',
  'near the lighthouse',
]
const doings = [
  'waited for rain',
  'counted the boats',
  'wrote a long letter',
  'mended the gate',
  'listened to the wind',
  'carried water home',
  'looked for the key',
]
const times = [
  'In the morning',
  'After supper',
  'Once a week',
  'Before the bells',
  'Late in autumn',
  'On the second day',
]
const links = ['and then', 'because', 'although', 'while', 'until']
const reasons = [
  'nobody had asked',
  'the road was closed',
  'the light was good',
  'there was time enough',
  'the letter had come',
  'the snow had melted',
]

function makeProse(random: Random): string {
  const sentences = Array.from({ length: 3 + random(4) }, () => {
    const start =
      random(2) === 0 ? `${pick(random, times)} ${pick(random, people)}` : capital(pick(random, people))
    const where = random(3) === 0 ? ` ${pick(random, places)}` : ''
    const end = random(2) === 0 ? ` ${pick(random, links)} ${pick(random, reasons)}` : ''
    return `${start} ${pick(random, doings)}${where}${end}.`
  })
  return `${sentences.join(' ')}\n\n`
}

const nouns = ['count', 'index', 'total', 'width', 'offset', 'limit', 'value', 'rate', 'depth']
const verbs = ['read', 'scale', 'merge', 'shift', 'clip', 'sum', 'find']
const operators = ['+', '-', '*', '%', '<<']

function makeCode(random: Random): string {
  const [a, b, c] = [pick(random, nouns), pick(random, nouns), pick(random, nouns)]
  const name = `${pick(random, verbs)}${capital(pick(random, nouns))}`
  const body = Array.from({ length: 1 + random(3) }, () => {
    const line = `${pick(random, [a, b])} ${pick(random, operators)} ${random(64)}`
    switch (random(3)) {
      case 0:
        return `  if (${a} > ${random(100)}) return ${line}\n`
      case 1:
        return `  for (let i = 0; i < ${b}; i++) ${c} += ${line}\n`
      default:
        return `  ${c} = ${line}\n`
    }
  })
  return `function ${name}(${a}, ${b}) {\n  let ${c} = ${random(10)}\n${body.join('')}  return ${c}\n}\n\n`
}

const kinds = ['order', 'parcel', 'refund', 'quote']
const towns = ['Basel', 'Turku', 'Porto', 'Ghent', 'Leeds', 'Graz']

function makeRecord(random: Random): string {
  const items = Array.from({ length: 1 + random(3) }, () => ({
    sku: `${pick(random, ['A', 'B', 'C'])}${100 + random(900)}`,
    pieces: 1 + random(9),
  }))
  const record = {
    id: 10_000 + random(90_000),
    kind: pick(random, kinds),
    town: pick(random, towns),
    paid: random(2) === 0,
    items,
  }
  return `${JSON.stringify(record)}\n`
}

const stations = ['north', 'south', 'ridge', 'delta']

function makeMeasurement(random: Random): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const time = `${two(random(24))}:${two(random(60))}:${two(random(60))}`
  const temperature = (10 + random(180) / 10).toFixed(1)
  const pressure = (980 + random(500) / 10).toFixed(1)
  const wind = (random(250) / 10).toFixed(1)
  return `2031-${two(1 + random(12))}-${two(1 + random(28))} ${time}\t${pick(random, stations)}\t${temperature}\t${pressure}\t${wind}\n`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
