import { Button, Checkbox } from '@mantine/core'
import { useState } from 'react'
import type { DistilChoice, StartChoice } from '../../stores/setup-store.ts'
import type { WeightsChoice } from '../../stores/strategy-store.ts'
import { Card } from '../../ui/card.tsx'
import { LinkButton, Sub } from '../../ui/text.tsx'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import { describeSources } from '../train/index.ts'
import { LastTaughtCard } from './last-taught-card.tsx'
import { NumberField } from './number-field.tsx'
import styles from './strategies.module.css'
import { StrategyStatus, useWhyNot, WhyNot } from './strategy-status.tsx'
import { TeacherDistancesCard } from './teacher-distances-card.tsx'
import { useChoices } from './use-choices.ts'
import { useShowResults } from './use-show-results.ts'
import { WeightsSelect } from './weights-select.tsx'

interface TeacherRow {
  readonly id: number
  readonly weights: WeightsChoice | null
  readonly weight: number
}

/** A run that learns from its data and from teachers at once. */
export function DistilTab() {
  const act = useAct()
  const { setup, view } = useStudio().stores
  const choices = useChoices()
  const results = useShowResults('distil')
  const [start, setStart] = useState<WeightsChoice | null>(null)
  const [rows, setRows] = useState<readonly TeacherRow[]>([{ id: 0, weights: null, weight: 1 }])
  const [alpha, setAlpha] = useState(0.5)
  const [withLogits, setWithLogits] = useState(false)
  const [logits, setLogits] = useState({ weight: 1, temperature: 2 })
  const hasData = useStudioState('corpus', (state) => state.items.length > 0)
  const summary = useStudioState('corpus', (state) => state.summary)
  const teachers = rows.flatMap(({ weights, weight }) => {
    const chosen = weights ?? choices.theirs
    return chosen ? [{ weights: chosen, weight }] : []
  })
  const whyNot =
    useWhyNot() ??
    (teachers.length === 0 ? 'Choose a teacher.' : null) ??
    (hasData ? null : 'Drop data on the page first.')
  const change = (id: number, part: Partial<TeacherRow>) =>
    setRows(rows.map((row) => (row.id === id ? { ...row, ...part } : row)))
  const setUp = () => {
    const distillation: DistilChoice = { alpha, teachers, logits: withLogits ? logits : null }
    act((actions) => actions.chooseStart(startChoice(start)))
    setup.setState({ distillation })
    view.setState({ screen: 'train' })
  }
  return (
    <div className={styles.panel}>
      <Card title="What to learn from">
        <div className={styles.fields}>
          <WeightsSelect
            label="Start from"
            choices={choices}
            value={start}
            onChange={setStart}
            none={{ label: 'Scratch, random weights from the seed', onChoose: () => setStart(null) }}
            testId="distil-start"
          />
          {rows.map((row, index) => (
            <div key={row.id} className={styles.fields}>
              <WeightsSelect
                label={rows.length > 1 ? `Teacher ${index + 1}` : 'Teacher'}
                choices={choices}
                value={row.weights ?? choices.theirs}
                onChange={(weights) => change(row.id, { weights })}
                testId={`teacher-${index}`}
              />
              {rows.length > 1 && (
                <div className={styles.pair}>
                  <NumberField
                    label="Its weight"
                    value={row.weight}
                    min={0.001}
                    max={1000}
                    onChange={(weight) => change(row.id, { weight })}
                  />
                  <LinkButton onClick={() => setRows(rows.filter(({ id }) => id !== row.id))}>
                    Remove
                  </LinkButton>
                </div>
              )}
            </div>
          ))}
          <LinkButton
            onClick={() =>
              setRows([...rows, { id: Math.max(...rows.map(({ id }) => id)) + 1, weights: null, weight: 1 }])
            }
          >
            Add a teacher
          </LinkButton>
          <NumberField
            label="Alpha"
            description="1: only your data. 0: only the teachers’ embedding"
            value={alpha}
            min={0}
            max={1}
            onChange={setAlpha}
            testId="alpha-input"
          />
          <Checkbox
            size="xs"
            label="Learn from the teachers’ predictions too"
            checked={withLogits}
            onChange={(event) => setWithLogits(event.currentTarget.checked)}
          />
          {withLogits && (
            <div className={styles.pair}>
              <NumberField
                label="Weight of the KL"
                value={logits.weight}
                min={0}
                max={1000}
                onChange={(weight) => setLogits({ ...logits, weight })}
              />
              <NumberField
                label="Temperature"
                value={logits.temperature}
                min={0.1}
                max={100}
                onChange={(temperature) => setLogits({ ...logits, temperature })}
              />
            </div>
          )}
          <div className={styles.buttons}>
            <Button disabled={whyNot !== null} onClick={setUp}>
              Set up on Train
            </Button>
            <Button
              variant="filled"
              data-testid="distil-button"
              disabled={whyNot !== null}
              onClick={() => {
                setUp()
                act((actions) => actions.train())
              }}
            >
              Train with teachers
            </Button>
          </div>
          <WhyNot why={whyNot} />
          <Sub>
            Steps, learning rate and the rest are those of the Train screen
            {summary && `; the data is ${describeSources(summary)}`}.
          </Sub>
        </div>
      </Card>
      <div className={styles.column} ref={results}>
        <StrategyStatus tab="distil" />
        <LastTaughtCard />
        <TeacherDistancesCard choices={choices} teachers={teachers} whyNot={whyNot} />
        <DistilFacts />
      </div>
    </div>
  )
}

/** A model of the network or weights of this device, as the Train screen names them. */
export function startChoice(choice: WeightsChoice | null): StartChoice {
  if (!choice) return { kind: 'scratch' }
  if (choice.kind !== 'model') return choice
  return { kind: 'competitor', modelId: choice.modelId, label: choice.label }
}

function DistilFacts() {
  return (
    <Card title="What happens">
      <div className={styles.results}>
        <Sub>loss = alpha × task + (1 − alpha) × mean squared difference of the embeddings</Sub>
        <Sub>
          The embedding is the mean of the final hidden states over the sequence, then over the micro-batch.
          Teachers read the same windows without dropout and learn nothing. Learning from their predictions
          adds weight × temperature² × KL to the second part. Each part has a chart of its own on Train.
        </Sub>
        <Sub>
          Each teacher takes the memory of its weights and a forward pass of every window. Its weights are
          kept with the run, so that it can be resumed.
        </Sub>
      </div>
    </Card>
  )
}
