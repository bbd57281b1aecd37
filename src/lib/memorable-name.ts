const manners = [
  'calm',
  'brisk',
  'quiet',
  'bold',
  'keen',
  'gentle',
  'swift',
  'steady',
  'bright',
  'patient',
  'curious',
  'merry',
  'noble',
  'sharp',
  'warm',
  'wise',
  'lucky',
  'nimble',
  'proud',
  'tidy',
  'witty',
  'eager',
  'mellow',
  'sturdy',
]
const animals = [
  'otter',
  'heron',
  'lynx',
  'badger',
  'falcon',
  'marten',
  'raven',
  'salmon',
  'beaver',
  'finch',
  'hare',
  'ibex',
  'jackdaw',
  'kestrel',
  'magpie',
  'newt',
  'owl',
  'puffin',
  'robin',
  'stoat',
  'tern',
  'vole',
  'wren',
  'plover',
]

/** A name to tell runs apart by, such as "calm-otter"; `pick` are two numbers in [0, 1). */
export function memorableName(pick: readonly [number, number]): string {
  const manner = manners[Math.floor(pick[0] * manners.length)]
  const animal = animals[Math.floor(pick[1] * animals.length)]
  return `${manner}-${animal}`
}
