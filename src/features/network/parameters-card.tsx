import { useState } from 'react'
import type { ParametersView, SystemStateView } from '../../chain/system-state-view.ts'
import { formatCount } from '../../lib/format-count.ts'
import { formatSoma } from '../../lib/soma-amount.ts'
import { Card } from '../../ui/card.tsx'
import { Rows } from '../../ui/rows.tsx'
import { LinkButton } from '../../ui/text.tsx'
import { formatBasisPoints } from '../model-standing/index.ts'
import styles from './network.module.css'

const inShannons: readonly (keyof ParametersView)[] = [
  'modelMinStake',
  'targetEpochFeeCollection',
  'baseFee',
  'writeObjectFee',
  'submissionBondPerByte',
]

/** Every parameter under the network's own name, and the state of targets and emission. */
export function ParametersCard({ system }: { system: SystemStateView }) {
  const [open, setOpen] = useState(false)
  const { parameters, targetState, emissionPool } = system
  const toggle = <LinkButton onClick={() => setOpen(!open)}>{open ? 'Hide' : 'Show all'}</LinkButton>
  const entries = Object.entries(parameters).map(([name, value]) => ({
    label: words(name),
    value: valueText(name as keyof ParametersView, value),
    source: `parameters.${snake(name)}`,
  }))
  return (
    <Card title="Parameters and state" action={toggle}>
      <div className={styles.columns}>
        <Rows
          entries={[
            {
              label: 'Emission of an epoch',
              value: `${formatSoma(emissionPool.perEpoch)} SOMA`,
              source: 'emission_pool.emission_per_epoch',
            },
            {
              label: 'Left to emit',
              value: `${formatSoma(emissionPool.balance)} SOMA`,
              source: 'emission_pool.balance',
            },
          ]}
        />
        <Rows
          entries={[
            {
              label: 'Hits this epoch',
              value: formatCount(targetState.hitsThisEpoch),
              source: 'target_state.hits_this_epoch',
            },
            {
              label: 'Targets made this epoch',
              value: formatCount(targetState.targetsGeneratedThisEpoch),
              source: 'target_state.targets_generated_this_epoch',
            },
          ]}
        />
      </div>
      {open && (
        <div className={styles.columns} data-testid="all-parameters">
          <Rows entries={entries.slice(0, Math.ceil(entries.length / 2))} />
          <Rows entries={entries.slice(Math.ceil(entries.length / 2))} />
        </div>
      )}
    </Card>
  )
}

function valueText(name: keyof ParametersView, value: bigint | number): string {
  if (typeof value === 'number') return value.toFixed(4)
  if (name.endsWith('Bps')) return formatBasisPoints(value)
  if (inShannons.includes(name)) return `${formatSoma(value)} SOMA`
  return formatCount(value)
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function words(name: string): string {
  const spaced = snake(name).replaceAll('_', ' ').replace(/ bps$/, '')
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}
