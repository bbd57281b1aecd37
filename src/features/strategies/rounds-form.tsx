import { Button, Checkbox, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { compactAddress } from '../../lib/soma-address.ts'
import type { ChooseBy, RoundPlan } from '../../strategies/rounds/round-plan.ts'
import { planBounds } from '../../strategies/rounds/round-plan.ts'
import { Card } from '../../ui/card.tsx'
import { Sub } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { NumberField } from './number-field.tsx'
import { RoundsApproval } from './rounds-approval.tsx'
import styles from './strategies.module.css'
import { useWhyNot, WhyNot } from './strategy-status.tsx'
import { useOwnModels } from './use-own-models.ts'

const ways: Readonly<Record<ChooseBy['kind'], string>> = {
  validation: 'My validation data',
  targets: 'Filled targets of the network',
  region: 'Filled targets of a region',
}

/** The plan, as it is set up; nothing begins before it was approved in the dialog. */
export function RoundsForm() {
  const act = useAct()
  const config = useStudioState('setup', ({ recipe }) => recipe.config)
  const records = useStudioState('runs', (state) => state.runs)
  const isPractice = useStudioState('wallet', ({ kind }) => kind === 'practice')
  const blocked = useStudioState('network', (state) => state.modelActionsBlocked)
  const regions = useStudioState('rounds', (state) => state.regions)
  const own = useOwnModels()
  const runs = records.filter(({ checkpoint, recipe }) => checkpoint && recipe.config === config)
  const [runId, setRunId] = useState('')
  const [modelId, setModelId] = useState<string | null>(null)
  const [numbers, setNumbers] = useState({ rounds: 3, steps: 200, checkpoints: 2 })
  const [by, setBy] = useState<ChooseBy['kind']>('validation')
  const [limit, setLimit] = useState(20)
  const [regionId, setRegionId] = useState('')
  const [improvement, setImprovement] = useState(0)
  const [publishWorse, setPublishWorse] = useState(false)
  const [asks, setAsks] = useState(false)
  const [open, setOpen] = useState(false)
  const waiting = useWhyNot()
  const region = regions?.find(({ id }) => id === regionId) ?? regions?.[0]
  const model = modelId ?? own[0]?.id ?? ''
  const chooseBy = choice()
  const whyNot = blocked ?? waiting ?? (chooseBy ? null : 'Find the regions of the network, and choose one.')

  function choice(): ChooseBy | null {
    if (by === 'validation') return { kind: by }
    if (by === 'targets') return { kind: by, limit }
    if (!region) return null
    const label = `target ${compactAddress(region.id)}`
    return { kind: by, label, centre: [...region.embedding], limit }
  }

  const number = (name: keyof typeof numbers, description?: string) => (
    <NumberField
      label={planBounds[name].label}
      value={numbers[name]}
      min={planBounds[name].min}
      max={planBounds[name].max}
      whole
      testId={`rounds-${name}`}
      onChange={(value) => setNumbers({ ...numbers, [name]: value })}
      {...(description ? { description } : {})}
    />
  )
  const plan: RoundPlan | null = chooseBy && {
    ...numbers,
    chooseBy,
    improvement,
    publishWorse,
    confirm: isPractice && !asks ? 'never' : 'each',
  }
  return (
    <Card title="New plan">
      <div className={styles.fields}>
        <NativeSelect
          label="Train"
          data-testid="rounds-run"
          value={runs.some(({ id }) => id === runId) ? runId : ''}
          onChange={(event) => setRunId(event.currentTarget.value)}
          data={[
            { value: '', label: 'A new run, as set up on the Train screen' },
            ...runs.map(({ id, name, stepsDone }) => ({
              value: id,
              label: `${name}, from step ${stepsDone}`,
            })),
          ]}
        />
        <NativeSelect
          label="Publish as"
          data-testid="rounds-model"
          value={model}
          onChange={(event) => setModelId(event.currentTarget.value)}
          data={[
            ...own.map(({ id, name }) => ({ value: id, label: `An update of ${name}` })),
            { value: '', label: 'A new model, created in the first round' },
          ]}
        />
        <div className={styles.pair}>
          {number('rounds', '0: until you stop it')}
          {number('steps', 'Optimizer steps')}
        </div>
        {number('checkpoints', 'Evenly spaced in a round')}
        <NativeSelect
          label="Choose by the contract loss on"
          data-testid="rounds-by"
          value={by}
          onChange={(event) => setBy(event.currentTarget.value as ChooseBy['kind'])}
          data={Object.entries(ways).map(([value, label]) => ({ value, label }))}
        />
        {by === 'region' && (
          <div className={styles.fields}>
            {regions && regions.length > 0 && (
              <NativeSelect
                label="Region around"
                data-testid="rounds-region"
                value={region?.id ?? ''}
                onChange={(event) => setRegionId(event.currentTarget.value)}
                data={regions.map(({ id, members, nearest }) => ({
                  value: id,
                  label: `target ${compactAddress(id)}: ${members.length} near it, nearest model at cosine ${nearest.toFixed(2)}`,
                }))}
              />
            )}
            {regions?.length === 0 && <Sub>No filled target with its data is known yet.</Sub>}
            <div className={styles.buttons}>
              <Button
                size="xs"
                data-testid="find-regions"
                onClick={() => act((actions) => actions.findRegions())}
              >
                {regions ? 'Look again' : 'Find regions with few models'}
              </Button>
            </div>
          </div>
        )}
        {by !== 'validation' && (
          <NumberField
            label="Filled targets"
            description={by === 'targets' ? 'The newest of each round' : 'The nearest of each round'}
            value={limit}
            min={1}
            max={200}
            whole
            testId="rounds-limit"
            onChange={setLimit}
          />
        )}
        {!publishWorse && (
          <NumberField
            label="Publish if the contract loss falls by more than"
            description="Below what is in force or what the plan began with"
            value={improvement}
            min={0}
            max={10}
            onChange={setImprovement}
          />
        )}
        <Checkbox
          size="xs"
          label="Publish even if it is worse"
          data-testid="rounds-worse"
          checked={publishWorse}
          onChange={(event) => setPublishWorse(event.currentTarget.checked)}
        />
        {isPractice && (
          <Checkbox
            size="xs"
            label="Ask before every signature"
            data-testid="rounds-asks"
            checked={asks}
            onChange={(event) => setAsks(event.currentTarget.checked)}
          />
        )}
        <div className={styles.buttons}>
          <Button
            variant="filled"
            data-testid="rounds-review"
            disabled={whyNot !== null}
            onClick={() => setOpen(true)}
          >
            Review the plan
          </Button>
        </div>
        <WhyNot why={whyNot} testId="rounds-why-not" />
      </div>
      {plan && (
        <RoundsApproval
          opened={open}
          onClose={() => setOpen(false)}
          plan={plan}
          choice={{ runId: runs.some(({ id }) => id === runId) ? runId : null, modelId: model || null }}
        />
      )}
    </Card>
  )
}
