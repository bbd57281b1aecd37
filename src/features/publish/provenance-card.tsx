import { formatBytes } from '../../lib/format-bytes.ts'
import { formatCount, formatPlural } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import type { ModelDraft } from '../../stores/publish-store.ts'
import { Card } from '../../ui/card.tsx'
import { type RowEntry, Rows } from '../../ui/rows.tsx'
import { Code } from '../../ui/text.tsx'
import { useStudioState } from '../studio-context.tsx'

/** What the weights were made from. */
export function ProvenanceCard({ draft }: { draft: ModelDraft }) {
  const run = useStudioState('runs', (state) => state.runs.find(({ id }) => id === draft.runId))
  const entries: RowEntry[] = []
  if (draft.modelId) {
    entries.push({
      label: 'Model',
      value: <Code testId="model-id">{draft.modelId}</Code>,
      source: 'Known before the model is created: derived from the bytes of its first transaction',
    })
  }
  if (run) {
    const { corpus, recipe } = run
    entries.push(
      {
        label: 'Data',
        value: `${formatPlural(corpus.sources.length, 'source')}, digest ${compactAddress(corpus.digest)}`,
        source: corpus.digest,
      },
      { label: 'Start', value: run.startFrom },
      { label: 'Steps, seed', value: `${formatCount(draft.step)}, seed ${recipe.seed}` },
      {
        label: 'Validation loss',
        value: [run.lossFirst, draft.validationLoss].map((loss) => loss?.toFixed(4) ?? '–').join(' to '),
        source: 'Nats per token before the first step, and at this checkpoint',
      },
    )
  }
  entries.push(
    { label: 'Config', value: draft.config },
    { label: 'Embedding', value: draft.embeddingNote },
    {
      label: 'Encrypted file',
      value: `${formatBytes(draft.weightsSize)}, ${compactAddress(draft.weightsChecksum)}`,
      source: `BLAKE2b-256: ${draft.weightsChecksum}`,
    },
  )
  if (draft.stability !== null) {
    entries.push({
      label: 'Halves of its sample agree',
      value: `cosine ${draft.stability.toFixed(4)}`,
      source: 'Cosine between the means of the two halves of the sample: near 1, more windows change little',
    })
  }
  return (
    <Card title="Where it came from">
      <Rows entries={entries} />
    </Card>
  )
}
