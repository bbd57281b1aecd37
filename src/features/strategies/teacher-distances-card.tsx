import { Button } from '@mantine/core'
import { useState } from 'react'
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
    <Card title="Where runs stand">
      <div className={styles.results}>
        <SoupParts choices={choices} runIds={runIds} onChange={setPicked} />
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
        </div>
        {found && <DistanceTable found={found} />}
        <Sub>
          On the validation part of your data: 1 − cosine between the mean hidden states, and KL from the
          teacher’s predictions in nats per byte. An embedding on the network is computed on other data, so
          distances there differ.
        </Sub>
      </div>
    </Card>
  )
}

function DistanceTable({ found: { teachers, runs } }: { found: TeachersView }) {
  const columns = [
    ...teachers.map(({ label }) => label),
    ...(teachers.length > 1 ? [`the mean, ${teachers.map(({ weight }) => weight).join(' : ')}`] : []),
  ]
  return (
    <ScrollTable label="How far runs are from the teachers">
      <thead>
        <tr>
          <th scope="col">Run</th>
          {columns.flatMap((name, index) => [
            // biome-ignore lint/suspicious/noArrayIndexKey: teachers may share a name, and the order never changes
            <th scope="col" className={ui.number} key={`${index} distance`}>
              To {name}
            </th>,
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <th scope="col" className={ui.number} key={`${index} divergence`}>
              KL
            </th>,
          ])}
        </tr>
      </thead>
      <tbody data-testid="teacher-distances">
        {runs.map((run) => (
          <tr key={run.runId} data-run={run.runId}>
            <td>{run.label}</td>
            {(teachers.length > 1 ? [...run.teachers, run.mean] : run.teachers).flatMap(cells)}
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  )
}

const cells = ({ embedding, predictions }: Distance, index: number) => [
  <td className={ui.number} key={`${index} distance`} data-distance={embedding}>
    {embedding.toFixed(4)}
  </td>,
  <td className={ui.number} key={`${index} divergence`} data-divergence={predictions ?? ''}>
    {predictions?.toFixed(4) ?? '–'}
  </td>,
]
