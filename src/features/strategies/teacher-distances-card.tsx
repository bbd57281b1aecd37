import { Button } from '@mantine/core'
import { useState } from 'react'
import { COMPARED_WINDOWS } from '../../stores/scored-windows.ts'
import type { DistilChoice } from '../../stores/setup-store.ts'
import type { TeachersView } from '../../stores/strategy-store.ts'
import type { Distance } from '../../strategies/distil/teacher-distances.ts'
import { Card } from '../../ui/card.tsx'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import { Sub } from '../../ui/text.tsx'
import ui from '../../ui/ui.module.css'
import { useAct, useStudioState } from '../studio-context.tsx'
import { SoupParts } from './soup-parts.tsx'
import styles from './strategies.module.css'
import type { Choices } from './use-choices.ts'

/** How far runs are from the teachers that are chosen: whether distilling did what it is for. */
export function TeacherDistancesCard(props: {
  choices: Choices
  teachers: DistilChoice['teachers']
  whyNot: string | null
}) {
  const { choices, teachers, whyNot } = props
  const act = useAct()
  const [picked, setPicked] = useState<readonly string[] | null>(null)
  const known = choices.runs.flatMap((run) => (run.kind === 'run' ? [run.runId] : []))
  const runIds = (picked ?? known.slice(0, 5)).filter((id) => known.includes(id))
  const found = useStudioState('strategy', (state) => state.teachers)
  return (
    <Card title="How near your runs are">
      <div className={styles.results}>
        <SoupParts choices={choices} runIds={runIds} onChange={setPicked} />
        {known.length > 0 && (
          <div className={styles.buttons}>
            <Button
              size="xs"
              data-testid="compare-teachers"
              disabled={whyNot !== null || runIds.length === 0}
              title={whyNot ?? undefined}
              onClick={() => act((actions) => actions.compareWithTeachers(runIds, teachers))}
            >
              Compare with the teachers
            </Button>
            {runIds.length === 0 && <Sub>Choose a run.</Sub>}
          </div>
        )}
        {found && <DistanceTable found={found} />}
        <Sub>
          Measured on at most {COMPARED_WINDOWS} windows of the held-out part of your data. Distance is 1 −
          cosine between the mean hidden states; KL is from the teacher’s predictions, in nats per byte. Lower
          is nearer. On the network embeddings are computed on other data, so distances there differ.
        </Sub>
      </div>
    </Card>
  )
}

function DistanceTable({ found: { teachers, runs } }: { found: TeachersView }) {
  const columns = [
    ...teachers.map(({ label }) => label),
    ...(teachers.length > 1 ? [`the mean of ${teachers.map(({ weight }) => weight).join(' : ')}`] : []),
  ]
  return (
    <ScrollTable label="How far runs are from the teachers" stacks>
      <thead>
        <tr>
          <th scope="col">Run</th>
          {columns.flatMap((name, index) => [
            // biome-ignore lint/suspicious/noArrayIndexKey: teachers may share a name, and the order never changes
            <th scope="col" className={ui.number} key={`${index} distance`}>
              Distance to {name}
            </th>,
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <th scope="col" className={ui.number} key={`${index} divergence`}>
              KL, nats/byte
            </th>,
          ])}
        </tr>
      </thead>
      <tbody data-testid="teacher-distances">
        {runs.map((run) => (
          <tr key={run.runId} data-run={run.runId}>
            <td>{run.label}</td>
            {(teachers.length > 1 ? [...run.teachers, run.mean] : run.teachers).flatMap((one, index) =>
              cells(one, columns[index] ?? '', index),
            )}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  )
}

const cells = ({ embedding, predictions }: Distance, name: string, index: number) => [
  <td
    className={ui.number}
    key={`${index} distance`}
    data-label={`Distance to ${name}`}
    data-distance={embedding}
  >
    {figure(embedding)}
  </td>,
  <td
    className={ui.number}
    key={`${index} divergence`}
    data-label={`KL from ${name}, nats/byte`}
    data-divergence={predictions ?? ''}
  >
    {predictions === null ? '–' : figure(predictions)}
  </td>,
]

/** Four decimals; what is smaller keeps its size, since runs near a teacher differ there. */
function figure(value: number): string {
  return value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : value.toFixed(4)
}
