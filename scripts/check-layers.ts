/** Layers: an import may only point to the same folder or to a lower layer. Prints each that does not. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

const layerOf: Record<string, number> = {
  lib: 0,
  data: 1,
  tokenizer: 1,
  model: 1,
  arrgen: 1,
  metrics: 1,
  ui: 1,
  gpu: 2,
  weights: 2,
  chain: 2,
  wallet: 2,
  practice: 2,
  engine: 3,
  train: 4,
  benchmark: 4,
  strategies: 4,
  worker: 5,
  stores: 6,
  features: 7,
  app: 8,
}

/** Imports inside one layer, or past the rule, each for a reason. */
const allowedBeside: Record<string, readonly string[]> = {
  data: ['tokenizer'],
  wallet: ['chain'],
  practice: ['chain'],
  strategies: ['train'],
}

/** The page's side of the app may take only types from what runs in workers. */
const pageFolders = new Set(['stores', 'features', 'app', 'ui'])
const workerOnly = new Set(['engine', 'gpu', 'train', 'strategies', 'benchmark'])
const pageSafe = new Set([
  'src/train/recipe.ts',
  'src/train/phase.ts',
  'src/strategies/cosine-distance.ts',
  'src/strategies/gaps/gap-table.ts',
  'src/strategies/recipes/parse-recipe.ts',
  'src/strategies/recipes/shipped-recipes.ts',
  'src/strategies/recipes/strategy-recipe.ts',
  'src/strategies/rounds/round-plan.ts',
  'src/strategies/rounds/rounds.ts',
  'src/strategies/rounds/run-rounds.ts',
  'src/strategies/routing/count-assignments.ts',
  'src/strategies/routing/scenarios.ts',
  'src/strategies/update/catch-up.ts',
  'src/strategies/update/win-log.ts',
])

/** What the benchmark compares with is written as a user of that library would write it. */
const isPeer = (name: string) => dirname(name).split(sep).join('/') === 'src/benchmark/peers'

const source = resolve('src')
const importPattern = /^\s*(?:import|export)\s+(type\s+)?(?:[\w*{][^'"]*?from\s+)?['"]([^'"]+)['"]/gm

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : files(path)
    return /\.tsx?$/.test(entry.name) ? [path] : []
  })
}

function folderOf(path: string): string | undefined {
  const inside = relative(source, path)
  return inside.startsWith('..') ? undefined : inside.split(sep)[0]
}

const faults: string[] = []
for (const file of files(source)) {
  const folder = folderOf(file) ?? ''
  const layer = layerOf[folder]
  const name = relative('.', file)
  if (layer === undefined) {
    faults.push(`${name}: the folder ${folder} has no layer; name it in scripts/check-layers.ts`)
    continue
  }
  const isTest = /\.(test|fixture)\.tsx?$/.test(file)
  for (const match of readFileSync(file, 'utf8').matchAll(importPattern)) {
    const typeOnly = match[1] !== undefined
    const specifier = match[2] ?? ''
    if (
      specifier.startsWith('@tensorflow/') &&
      !['gpu', 'engine', 'worker'].includes(folder) &&
      !isPeer(name)
    ) {
      faults.push(
        `${name}: only gpu, engine, worker entries and peers of the benchmark may import ${specifier}`,
      )
    }
    if (!specifier.startsWith('.')) continue
    const target = resolve(dirname(file), specifier)
    const targetFolder = folderOf(target)
    if (targetFolder === undefined || targetFolder === folder || isTest) continue
    const targetLayer = layerOf[targetFolder] ?? 99
    const beside = targetLayer === layer && allowedBeside[folder]?.includes(targetFolder)
    if (targetLayer >= layer && !beside) {
      faults.push(`${name}: layer ${layer} (${folder}) imports ${targetFolder} of layer ${targetLayer}`)
    }
    const pageImportsWorker = pageFolders.has(folder) && workerOnly.has(targetFolder) && !typeOnly
    if (pageImportsWorker && !pageSafe.has(relative('.', target).split(sep).join('/'))) {
      faults.push(`${name}: the page takes code from ${targetFolder}, which runs in a worker`)
    }
  }
}

if (faults.length > 0) {
  console.error(faults.join('\n'))
  console.error(`${faults.length} imports break the layers.`)
  process.exit(1)
}
console.log('Layers hold.')
