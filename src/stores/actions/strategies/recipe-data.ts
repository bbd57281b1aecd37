import { fetchBundledCorpus } from '../../../data/bundled-corpus.ts'
import { formatCount, formatPlural } from '../../../lib/format-count.ts'
import { toHex } from '../../../lib/hex.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import { gapsByRegion, gapWeights } from '../../../strategies/gaps/gap-table.ts'
import type { RecipeSource } from '../../../strategies/recipes/strategy-recipe.ts'
import type { CorpusItem } from '../../../worker/protocol.ts'
import { gapRows } from '../../gap-rows.ts'
import { filledOf } from '../../select-targets.ts'
import type { StudioParts } from '../../studio-parts.ts'
import { targetsHere } from '../../targets-here.ts'
import type { FetchTargets, FoundTargets } from './target-data.ts'

/** Items of a source, and what is to be said of them. */
export interface GatheredData {
  readonly items: readonly CorpusItem[]
  readonly found: readonly string[]
  readonly notes: readonly string[]
}

export interface GatherOptions {
  readonly signal: AbortSignal
  readonly onProgress: (done: number, total: number) => void
}

/** What a recipe's sources are on this network now. The gap analysis must have been made where one names a gap. */
export function dataGatherer(
  { stores, trainer, assetUrl }: Pick<StudioParts, 'stores' | 'trainer' | 'assetUrl'>,
  fetchTargets: FetchTargets,
): (source: RecipeSource, options: GatherOptions) => Promise<GatheredData> {
  const { corpus, network, strategy, wallet } = stores

  function own(): readonly CorpusItem[] {
    const items = corpus.getState().items.filter(({ origin }) => origin !== 'target')
    if (items.length > 0) return items
    throw new StudioError('bad-input', 'The recipe trains on your own data, and there is none.', {
      hint: 'Drop a file on the page, or use the bundled text.',
    })
  }

  async function named(ids: readonly string[], options: GatherOptions) {
    return fetchTargets({ limit: ids.length, ids, ...options })
  }

  /** Data on which others do better, of all targets or of the region where they do so most. */
  async function ofGaps(
    source: Extract<RecipeSource, { kind: 'targets' }>,
    options: GatherOptions,
  ): Promise<GatheredData> {
    const { gaps } = strategy.getState()
    const all = gaps ? gapRows(gaps) : []
    const [worst] = gapsByRegion(all.filter(({ difference }) => difference !== null && difference > 0))
    const rows = source.among === 'gaps' ? all : all.filter(({ region }) => region === worst?.region)
    const weights = gapWeights(rows, source.weight === undefined ? {} : { emphasis: source.weight })
    if (weights.length === 0) {
      throw new StudioError(
        'not-found',
        `There is no gap: on the ${formatPlural(all.length, 'target')} that were compared, the start is as good as the winners or better.`,
        { hint: 'Start from other weights, or compare more targets.' },
      )
    }
    const weightOf = new Map(weights.map(({ targetId, weight }) => [targetId, weight]))
    const { data, notes } = await named([...weightOf.keys()], options)
    const where =
      source.among === 'gaps'
        ? ''
        : ` in ${worst!.region}, where the mean gap is ${worst!.difference!.toFixed(3)} nats a byte`
    return {
      items: data.map(({ target, item }) => ({ ...item, weight: weightOf.get(target.id) ?? 1 })),
      found: [`Others do better on ${formatPlural(data.length, 'target')}${where}.`],
      notes,
    }
  }

  async function ofSparseRegion(limit: number, options: GatherOptions): Promise<GatheredData> {
    const { system } = network.getState()
    const models = (system?.models ?? []).flatMap(({ embedding }) => embedding ?? [])
    const data = filledOf(targetsHere(stores)).map(({ id, submission: { embedding } }) => ({ id, embedding }))
    const map = await trainer.call({ kind: 'mapEmbeddings', method: 'pca', models, data, others: [] })
    const [region] = map.regions
    if (!region) {
      throw new StudioError(
        'not-found',
        'No region is known yet: no filled target shows where its data lies.',
        {
          hint: 'Advance an epoch so that targets are filled, then run the recipe again.',
        },
      )
    }
    const found = await named(region.members.slice(0, limit), options)
    const text = `The region with the fewest models holds ${formatPlural(found.data.length, 'target')}; the nearest model is at cosine ${region.nearest.toFixed(3)}.`
    return { items: found.data.map(({ item }) => item), found: [text], notes: found.notes }
  }

  async function byDigest(digests: readonly string[], options: GatherOptions): Promise<GatheredData> {
    const ids = filledOf(targetsHere(stores)).flatMap(({ id, submission }) =>
      digests.includes(toHex(submission.manifest.checksum)) ? [id] : [],
    )
    if (ids.length === 0) {
      throw new StudioError(
        'not-found',
        'None of the submissions that the recipe names is on this network.',
        {
          hint: 'Targets that were claimed before this browser saw them are gone. Open the network that it ran on, or change its data.',
        },
      )
    }
    const { data, notes } = await named(ids, options)
    const lost = digests.length - data.length
    const gone =
      lost > 0 ? [`${formatCount(lost)} of the submissions that it names are no longer there.`] : []
    return { items: data.map(({ item }) => item), found: [], notes: [...notes, ...gone] }
  }

  function ownModel(): string {
    const { address } = wallet.getState()
    const model = network.getState().system?.models.find(({ owner }) => owner === address)
    if (model) return model.id
    throw new StudioError('not-found', 'You have no model on this network, so nothing was won.', {
      hint: 'Commit and reveal a model first.',
    })
  }

  async function gather(source: RecipeSource, options: GatherOptions): Promise<GatheredData> {
    switch (source.kind) {
      case 'own':
        return { items: own(), found: [], notes: [] }
      case 'bundled':
        return { items: await fetchBundledCorpus(assetUrl(''), options.signal), found: [], notes: [] }
      case 'submissions':
        return byDigest(source.digests, options)
      case 'targets': {
        const { among, limit } = source
        if (among === 'gaps' || among === 'gap-region') return ofGaps(source, options)
        if (among === 'sparse-region') return ofSparseRegion(limit, options)
        const winner = among === 'own-wins' ? { winner: ownModel() } : {}
        const { data, notes } = await fetchTargets({ limit, ...winner, ...options }).catch(noneYet)
        if (data.length === 0) return { items: [], found: [], notes }
        const found = [`Data of ${formatPlural(data.length, 'filled target')} was added.`]
        return { items: data.map(({ item }) => item), found, notes }
      }
      default:
        return source satisfies never
    }
  }

  return async (source, options) => {
    const { items, ...said } = await gather(source, options)
    const isByGap = source.kind === 'targets' && (source.among === 'gaps' || source.among === 'gap-region')
    if (source.weight === undefined || isByGap) return { items, ...said }
    const { weight } = source
    return { items: items.map((item) => ({ ...item, weight })), ...said }
  }
}

/** On a network whose targets nobody has filled, a recipe goes on with its other data and says so. */
function noneYet(thrown: unknown): FoundTargets {
  const { code, message } = StudioError.from(thrown)
  if (code === 'not-found') return { data: [], notes: [message] }
  throw thrown
}
