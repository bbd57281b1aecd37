import { mkdir, rm, writeFile } from 'node:fs/promises'
import { modelConfigs } from '../../src/model/model-config.ts'
import { corpusNames } from '../../src/practice/players/corpora.ts'
import { defaultRecipe, type Recipe } from '../../src/train/recipe.ts'
import { buildWorld } from './build-world.ts'
import { createScorer } from './create-scorer.ts'
import { openEngines } from './open-engine.ts'
import { readCompetitors } from './read-competitors.ts'
import { type Competitor, trainCompetitor } from './train-competitor.ts'

/** Short windows and a high rate: a few hundred steps must be enough on a machine without a GPU. */
const RECIPES: Record<'small' | 'practice', Partial<Recipe>> = {
  small: { sequence: 128, microBatch: 8, steps: 600, learningRate: 4e-3, warmupSteps: 40 },
  practice: { sequence: 128, microBatch: 4, steps: 300, learningRate: 2e-3, warmupSteps: 30 },
}

export interface WorldsOptions {
  readonly configs: readonly ('small' | 'practice')[]
  /** Optimizer steps of each competitor, in place of the recipe's. */
  readonly steps?: number
  /** Takes the competitors from the world that is there and only plays its epochs anew. */
  readonly rebuild?: boolean
}

/** Trains the competitors of each config and writes public/worlds/<config>. */
export async function makeWorlds({ configs, steps, rebuild = false }: WorldsOptions): Promise<void> {
  const openEngine = await openEngines()
  for (const name of configs) {
    const config = modelConfigs[name]
    const folder = new URL(`../../public/worlds/${name}/`, import.meta.url)
    const engine = openEngine(config)
    const competitors: Competitor[] = rebuild ? await readCompetitors(folder) : []
    for (const [index, corpus] of rebuild ? [] : corpusNames.entries()) {
      const recipe = { ...defaultRecipe(name), ...RECIPES[name], seed: 100 + index, ...(steps && { steps }) }
      competitors.push(await trainCompetitor(engine, corpus, recipe))
    }
    const { world, blobs } = await buildWorld(config, competitors, createScorer(engine))
    engine.dispose()
    await rm(folder, { recursive: true, force: true })
    await mkdir(new URL('blobs/', folder), { recursive: true })
    for (const [digest, bytes] of blobs) await writeFile(new URL(`blobs/${digest}`, folder), bytes)
    await writeFile(new URL('world.json', folder), `${JSON.stringify(world)}\n`)
    console.log(`${name}: ${competitors.length} models, ${world.targets.length} filled targets`)
  }
}
