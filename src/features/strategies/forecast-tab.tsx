import { Button, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { formatCount, formatPlural } from '../../lib/format-count.ts'
import { formatSoma, parseSoma } from '../../lib/soma-amount.ts'
import type { WeightsChoice } from '../../stores/strategy-store.ts'
import { Card } from '../../ui/card.tsx'
import { LinkButton, Sub } from '../../ui/text.tsx'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import { AssignedCard } from './assigned-card.tsx'
import { ForecastResults } from './forecast-results.tsx'
import styles from './strategies.module.css'
import { StrategyStatus, useWhyNot, WhyNot } from './strategy-status.tsx'
import { useChoices } from './use-choices.ts'
import { useShowResults } from './use-show-results.ts'
import { WeightsSelect } from './weights-select.tsx'

/** The share of targets that an embedding and a stake would be assigned. */
export function ForecastTab() {
  const act = useAct()
  const choices = useChoices()
  const results = useShowResults('forecast')
  const mine = choices.mine ?? choices.models[0] ?? null
  const least = useStudioState('network', (state) => state.system?.parameters.modelMinStake)
  const { strategy } = useStudio().stores
  const place = useStudioState('strategy', (state) => state.place)
  const [typed, setTyped] = useState<string | null>(null)
  const [toward, setToward] = useState<WeightsChoice | null>(null)
  const [targets, setTargets] = useState(2000)
  const [nearId, setNearId] = useState('')
  const near = choices.models.find(({ modelId, wins }) => modelId === nearId && wins > 0) ?? null
  const stakeText = typed ?? (least === undefined ? '' : formatSoma(least).replace(/\.?0+$/, ''))
  const stake = readStake(stakeText)
  const busy = useWhyNot(mine?.kind === 'run' || toward?.kind === 'run')
  const whyNot =
    busy ??
    (least === undefined ? 'The network has no models to be routed to.' : null) ??
    (mine ? null : 'Train a run, or choose a model.')
  return (
    <div className={styles.panel}>
      <Card title="Which model, where, with what stake">
        <div className={styles.fields}>
          <WeightsSelect
            label="Model"
            description="At its embedding; that of a run is computed as for a commit"
            choices={choices}
            value={mine}
            onChange={choices.setMine}
            withFile={false}
            testId="forecast-mine"
          />
          <TextInput
            label="Stake, SOMA"
            value={stakeText}
            error={stake === null ? 'An amount above 0, such as 1.5' : null}
            inputMode="decimal"
            autoComplete="off"
            data-testid="forecast-stake"
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          {place ? (
            <div data-testid="forecast-place">
              <Sub>Placed at {place.label}, as chosen on the map.</Sub>
              <LinkButton onClick={() => strategy.setState({ place: null })}>
                Place it at its own embedding
              </LinkButton>
            </div>
          ) : (
            <WeightsSelect
              label="Chart the way toward"
              description="How the share changes as the model moves"
              choices={choices}
              value={toward}
              onChange={setToward}
              none={{ label: 'Away from everyone', onChoose: () => setToward(null) }}
              withFile={false}
              testId="forecast-toward"
            />
          )}
          <NativeSelect
            label="Targets drawn"
            description="More take longer and narrow the interval"
            value={`${targets}`}
            onChange={(event) => setTargets(Number(event.currentTarget.value))}
            data={[500, 2000, 10_000].map((count) => ({ value: `${count}`, label: formatCount(count) }))}
          />
          <NativeSelect
            label="Also, apart: targets near to data"
            data-testid="forecast-near"
            value={near?.modelId ?? ''}
            onChange={(event) => setNearId(event.currentTarget.value)}
          >
            <option value="">No, all targets only</option>
            {choices.models
              .filter(({ wins }) => wins > 0)
              .map(({ modelId, label, wins }) => (
                <option key={modelId} value={modelId}>
                  that {label} won, {formatPlural(wins, 'target')}
                </option>
              ))}
          </NativeSelect>
          <div className={styles.buttons}>
            <Button
              variant="filled"
              data-testid="forecast-button"
              disabled={whyNot !== null || stake === null}
              onClick={() =>
                mine &&
                stake !== null &&
                act((actions) => actions.forecast({ mine, place, stake, toward, targets, near }))
              }
            >
              Forecast
            </Button>
          </div>
          <WhyNot why={whyNot} />
          <Sub>
            Targets are drawn as the network draws them and routed by its own rule: cosine distance divided by
            the share of the square roots of stakes.
          </Sub>
        </div>
      </Card>
      <div className={styles.column} ref={results}>
        <StrategyStatus tab="forecast" />
        <ForecastResults>
          <AssignedCard />
        </ForecastResults>
      </div>
    </div>
  )
}

function readStake(text: string): bigint | null {
  try {
    const stake = parseSoma(text)
    return stake > 0n ? stake : null
  } catch {
    return null
  }
}
