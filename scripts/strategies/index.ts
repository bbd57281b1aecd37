import { mkdir, readFile, writeFile } from 'node:fs/promises'
import type { Engine } from '../../src/engine/engine.ts'
import type { ModelConfig } from '../../src/model/model-config.ts'
import { experiments } from './experiments.ts'
import { openLab } from './lab.ts'
import { renderPage, type StoredFigures } from './page.ts'
import { fullSize } from './section.ts'

const world = new URL('../../public/worlds/small/', import.meta.url)
const docs = new URL('../../docs/', import.meta.url)
const stored = new URL('strategies/figures.json', docs)

export interface StrategiesOptions {
  /** Runs nothing. */
  readonly render: boolean
  /** Of what the tests assert only these. */
  readonly effects?: readonly string[] | undefined
  readonly seeds?: readonly number[] | undefined
}

/** Runs the named experiments, or all, and writes docs/strategies.md from the figures of all that were ever run. */
export async function runStrategies(names: readonly string[], options: StrategiesOptions): Promise<void> {
  const { render, effects, seeds } = options
  const chosen = names.length > 0 ? experiments.filter(({ id }) => names.includes(id)) : experiments
  const unknown = names.filter((name) => !experiments.some(({ id }) => id === name))
  if (unknown.length > 0) {
    throw new Error(
      `No such strategy: ${unknown.join(', ')}. There are ${experiments.map(({ id }) => id).join(', ')}.`,
    )
  }
  await mkdir(new URL('strategies/', docs), { recursive: true })
  const figures: Record<string, StoredFigures> = JSON.parse(await readFile(stored, 'utf8').catch(() => '{}'))
  if (!render) {
    const { engine, openEngine } = await findEngine()
    const lab = await openLab({
      read: async (path) => Uint8Array.from(await readFile(new URL(path, world))),
      openEngine,
      say: console.log,
    })
    for (const experiment of chosen) {
      const started = Date.now()
      const before = effects && figures[experiment.id]
      const result = await experiment.run(lab, fullSize, { effects, seeds, before: before?.figures })
      const seconds = Math.round((Date.now() - started) / 1000) + (before?.seconds ?? 0)
      figures[experiment.id] = { engine, seconds, figures: result }
      console.log(`${experiment.id}: ${seconds} s`)
      await writeFile(stored, `${JSON.stringify(figures, null, 1)}\n`)
    }
  }
  const { markdown, pictures } = renderPage(experiments, figures)
  await writeFile(new URL('strategies.md', docs), markdown)
  for (const { name, svg } of pictures) await writeFile(new URL(`strategies/${name}`, docs), svg)
  console.log(`docs/strategies.md: ${pictures.length} pictures`)
}

/** The engine that trains where there is an adapter, else the oracle on the processor, which takes far longer. */
async function findEngine(): Promise<{ engine: string; openEngine: (config: ModelConfig) => Engine }> {
  try {
    const { openEngines } = await import('../make-worlds/open-engine.ts')
    return { engine: 'fused engine', openEngine: await openEngines() }
  } catch (error) {
    console.log(
      `No adapter (${error instanceof Error ? error.message : error}): the processor computes, slowly.`,
    )
    const tf = await import('@tensorflow/tfjs')
    await tf.setBackend('cpu')
    const { createReferenceEngine } = await import('../../src/engine/create-reference-engine.ts')
    return { engine: 'reference engine on the processor', openEngine: createReferenceEngine }
  }
}
