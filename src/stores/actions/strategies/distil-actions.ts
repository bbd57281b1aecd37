import { StudioError } from '../../../lib/studio-error.ts'
import type { TeacherDistances } from '../../../strategies/distil/teacher-distances.ts'
import { COMPARED_WINDOWS } from '../../scored-windows.ts'
import type { DistilChoice } from '../../setup-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import { MY_DATA, measuredOn } from './blend-actions.ts'
import type { Provenance } from './provenance.ts'
import type { WeightsResolver } from './resolve-weights.ts'
import type { StrategyDesk } from './strategy-desk.ts'

type Teachers = DistilChoice['teachers']

export function distilActions(
  { stores, trainer }: Pick<StudioParts, 'stores' | 'trainer'>,
  desk: StrategyDesk,
  weights: WeightsResolver,
  provenance: Provenance,
) {
  const { strategy, corpus, runs, setup } = stores
  return {
    /** Measures how far runs are from teachers on the validation part of my data, and keeps it with each run. */
    compareWithTeachers: (runIds: readonly string[], teachers: Teachers) =>
      desk.perform('distil', 'Fetching weights', async (signal) => {
        const { items } = corpus.getState()
        if (items.length === 0) {
          throw new StudioError('bad-input', 'There is no data to compare on.', {
            hint: 'Drop a file on the page, or use the bundled text.',
          })
        }
        const { config, sequence, validationWindows } = setup.getState().recipe
        const windows = { sequence, limit: Math.min(validationWindows, COMPARED_WINDOWS) }
        const spec = []
        for (const { weights: choice, weight } of teachers) {
          spec.push({
            weights: await weights.reference(choice, desk.fetching(choice.label, signal)),
            weight,
          })
        }
        const models = runIds.map((runId) => ({ kind: 'run', runId }) as const)
        const call = { config, models, teachers: spec, items, windows } as const
        const found = await trainer.call({ kind: 'compareWithTeachers', ...call })
        const labels = teachers.map(({ weights: { label }, weight }) => ({ label, weight }))
        const nameOf = (runId: string) => runs.getState().runs.find(({ id }) => id === runId)?.name ?? runId
        const compared = found.map((distances, index) => {
          const runId = runIds[index]!
          return { ...distances, runId, label: nameOf(runId) }
        })
        strategy.setState({ teachers: { teachers: labels, runs: compared } })
        const digests: string[] = []
        for (const { weights: choice } of teachers) digests.push(await weights.digest(choice))
        for (const { runId, label, ...distances } of compared) {
          await provenance.record(
            { kind: 'run', runId, label },
            {
              kind: 'teachers',
              summary: `Stands at ${standing(distances, labels)} (1 − cosine of the embeddings on my data)`,
              inputs: {
                teachers: labels.map((one, index) => ({ ...one, digest: digests[index] })),
                ...measuredOn([{ name: MY_DATA, items, side: 'validation' }], windows),
              },
              outcome: { ...distances },
            },
          )
        }
      }),
  }
}

function standing(
  { teachers, mean }: TeacherDistances,
  labels: readonly { readonly label: string }[],
): string {
  const each = teachers.map(({ embedding }, index) => `${embedding.toFixed(4)} from ${labels[index]!.label}`)
  return [...each, ...(each.length > 1 ? [`${mean.embedding.toFixed(4)} from their mean`] : [])].join(', ')
}
