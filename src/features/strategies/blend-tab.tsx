import { Button, Checkbox, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import type { BlendChoice } from '../../stores/actions/strategies/blend-actions.ts'
import type { WeightsChoice } from '../../stores/strategy-store.ts'
import { Card } from '../../ui/card.tsx'
import { Sub } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { BlendResults } from './blend-results.tsx'
import { NumberField } from './number-field.tsx'
import { SoupParts } from './soup-parts.tsx'
import styles from './strategies.module.css'
import { StrategyStatus, useWhyNot, WhyNot } from './strategy-status.tsx'
import { keyOf, useChoices } from './use-choices.ts'
import { useShowResults } from './use-show-results.ts'
import { WeightsSelect } from './weights-select.tsx'

const words: Readonly<Record<BlendChoice['kind'], string>> = {
  average: 'Average with another model',
  greedySoup: 'Greedy soup of runs',
  soup: 'Uniform soup of runs',
  taskArithmetic: 'Task arithmetic',
}
const explained: Readonly<Partial<Record<BlendChoice['kind'], string>>> = {
  greedySoup: 'Begins with the best on your data and keeps what does not raise its loss',
  soup: 'The mean of all of them',
  taskArithmetic: 'Mine + scale × (theirs − base)',
}
const kinds = Object.keys(words) as BlendChoice['kind'][]

/** Averages, soups and task arithmetic; each result is a new run. */
export function BlendTab() {
  const act = useAct()
  const choices = useChoices()
  const results = useShowResults('blend')
  const [held, setHeld] = useState<WeightsChoice | null>(null)
  const mine = held ?? choices.mine
  const { theirs } = choices
  const hasTargets = useStudioState('network', (state) => state.targets.some((one) => one.winningModelId))
  const [kind, setKind] = useState<BlendChoice['kind']>('average')
  const [beta, setBeta] = useState(0.3)
  const [scale, setScale] = useState(1)
  const [network, setNetwork] = useState(true)
  const [keep, setKeep] = useState(false)
  const [common, setCommon] = useState<WeightsChoice | null>(null)
  const [picked, setPicked] = useState<readonly string[] | null>(null)
  const newest = choices.runs.flatMap((run) => (run.kind === 'run' ? [run.runId] : []))
  const runIds = (picked ?? newest.slice(0, 5)).filter((id) => newest.includes(id))
  const isSoup = kind === 'soup' || kind === 'greedySoup'
  const other = choices.models.find((model) => !theirs || keyOf(model) !== keyOf(theirs))
  const base = common ?? other ?? null
  // The newest run is the default: what is made must not take the place of what it was made from.
  const hold = () => {
    if (mine?.kind === 'run') setHeld(mine)
    if (isSoup) setPicked(runIds)
  }
  const isNothing = kind === 'taskArithmetic' && base && theirs && keyOf(base) === keyOf(theirs)
  // A soup has no one run whose moments it could go on with.
  const canKeep = !isSoup && mine?.kind === 'run'
  const way = blendChoice()
  const choice: BlendChoice | null = way && { ...way, optimizer: canKeep && keep ? 'kept' : 'fresh' }
  const whyNot =
    useWhyNot() ??
    (isNothing ? 'Theirs is its own base: there is no difference to add.' : null) ??
    (choice ? null : missing(isSoup, runIds.length, newest.length))

  function blendChoice(): BlendChoice | null {
    if (isSoup) return runIds.length > 1 ? { kind, runIds } : null
    if (!mine || !theirs || newest.length === 0) return null
    if (kind === 'average') return { kind, mine, theirs, beta }
    return base ? { kind: 'taskArithmetic', mine, theirs, common: base, scale } : null
  }

  return (
    <div className={styles.panel}>
      <Card title="What to mix">
        <div className={styles.fields}>
          <NativeSelect
            label="How"
            data-testid="blend-kind"
            value={kind}
            onChange={(event) => setKind(event.currentTarget.value as BlendChoice['kind'])}
            description={explained[kind]}
            data={kinds.map((value) => ({ value, label: words[value] }))}
          />
          {isSoup ? (
            <SoupParts choices={choices} runIds={runIds} onChange={setPicked} />
          ) : (
            <>
              <WeightsSelect
                label="Mine"
                choices={choices}
                value={mine}
                onChange={(choice) => {
                  setHeld(null)
                  choices.setMine(choice)
                }}
                testId="mine-select"
              />
              <WeightsSelect
                label="Theirs"
                choices={choices}
                value={theirs}
                onChange={choices.setTheirs}
                testId="theirs-select"
              />
            </>
          )}
          {kind === 'average' && (
            <>
              <NumberField
                label="Beta"
                description="Share of theirs: (1 − beta) × mine + beta × theirs"
                value={beta}
                min={0}
                max={1}
                onChange={setBeta}
                testId="beta-input"
              />
              {hasTargets && (
                <Checkbox
                  size="xs"
                  label="Sweep on the network’s data too"
                  checked={network}
                  onChange={(event) => setNetwork(event.currentTarget.checked)}
                />
              )}
            </>
          )}
          {kind === 'taskArithmetic' && (
            <>
              <WeightsSelect
                label="Base that theirs was trained from"
                choices={choices}
                value={base}
                onChange={setCommon}
                testId="base-select"
              />
              <NumberField label="Scale" value={scale} min={-4} max={4} onChange={setScale} />
            </>
          )}
          <NativeSelect
            label="Optimizer when it trains on"
            description={
              canKeep && keep
                ? 'Adam’s moments and step of mine, no new warm-up: fits where the merge stays near mine'
                : 'Adam begins at zero moments and warms up again'
            }
            data-testid="blend-optimizer"
            value={canKeep && keep ? 'kept' : 'fresh'}
            onChange={(event) => setKeep(event.currentTarget.value === 'kept')}
            data={[
              { value: 'fresh', label: 'Fresh, with warm-up' },
              { value: 'kept', label: 'Mine goes on', disabled: !canKeep },
            ]}
          />
          <div className={styles.buttons}>
            {kind === 'average' && (
              <Button
                data-testid="sweep-button"
                disabled={whyNot !== null}
                onClick={() =>
                  mine &&
                  theirs &&
                  act((actions) => actions.sweepBeta({ mine, theirs, network: network && hasTargets }))
                }
              >
                Sweep beta
              </Button>
            )}
            <Button
              variant="filled"
              data-testid="blend-button"
              disabled={whyNot !== null}
              onClick={() => {
                hold()
                if (choice) act((actions) => actions.blend(choice))
              }}
            >
              Make the run
            </Button>
          </div>
          <WhyNot why={whyNot} testId="blend-why-not" />
          <Sub>
            The result is a new run with the recipe and data of yours; nothing is overwritten. It is computed
            tensor by tensor on the processor, rounded to f32 after each product and the sum.
          </Sub>
        </div>
      </Card>
      <div className={styles.column} ref={results}>
        <StrategyStatus tab="blend" kept="No run was made; points measured so far are shown." />
        <BlendResults onBest={setBeta} />
      </div>
    </div>
  )
}

function missing(isSoup: boolean, picked: number, runs: number): string {
  if (runs === 0) return 'Train a run of this config first: the result goes on with its recipe and data.'
  if (isSoup && picked < 2) return 'Choose two or more runs.'
  return 'Choose both models.'
}
