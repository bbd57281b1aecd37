import { NativeSelect, TextInput } from '@mantine/core'
import { formatPlural } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { LinkButton } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { NumberField } from './number-field.tsx'
import styles from './strategies.module.css'
import { useWhyNot } from './strategy-status.tsx'
import type { TargetChooser } from './use-target-choice.ts'

/** Which filled targets: by place in embedding space, winner and epoch, at most so many. */
export function TargetFields({ chooser, testId }: { chooser: TargetChooser; testId: string }) {
  const { choice, change, filled, winners, places } = chooser
  const act = useAct()
  const regions = useStudioState('strategy', (state) => state.regions)
  const busy = useWhyNot(false)
  const stale = !regions || filled.some(({ id }) => !regions.labels.has(id))
  return (
    <>
      <NativeSelect
        label="Where in embedding space"
        data-testid={`${testId}-place`}
        value={choice.place}
        onChange={(event) => change({ place: event.currentTarget.value })}
      >
        <option value="">Anywhere, the newest first</option>
        {places.length > 0 && (
          <optgroup label="The nearest to a model">
            {places.map(({ id, name, mine }) => (
              <option key={id} value={`model:${id}`}>
                {mine ? `${name}, yours` : name}
              </option>
            ))}
          </optgroup>
        )}
        {regions && regions.sizes.length > 0 && (
          <optgroup label="A region">
            {regions.sizes.map((size, label) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a region is its number
              <option key={label} value={`region:${label}`}>
                Region {label + 1}, {formatPlural(size, 'target')}
              </option>
            ))}
          </optgroup>
        )}
        {filled.length > 0 && (
          <optgroup label="The nearest to a target’s data">
            {filled.map(({ id }) => (
              <option key={id} value={`target:${id}`}>
                {compactAddress(id)}
              </option>
            ))}
          </optgroup>
        )}
      </NativeSelect>
      {stale && filled.length > 0 && (
        <div className={styles.under}>
          <LinkButton disabled={busy !== null} onClick={() => act((actions) => actions.findTargetRegions())}>
            Group the targets into regions
          </LinkButton>
        </div>
      )}
      <NativeSelect
        label="Won by"
        data-testid={`${testId}-winner`}
        value={choice.winner}
        onChange={(event) => change({ winner: event.currentTarget.value })}
      >
        <option value="">Any model</option>
        {winners.map(({ id, name, wins }) => (
          <option key={id} value={id}>
            {name}, {formatPlural(wins, 'win')}
          </option>
        ))}
      </NativeSelect>
      <div className={styles.pair}>
        <EpochField
          label="From epoch"
          value={choice.fromEpoch}
          onChange={(fromEpoch) => change({ fromEpoch })}
        />
        <EpochField label="To epoch" value={choice.toEpoch} onChange={(toEpoch) => change({ toEpoch })} />
      </div>
      <NumberField
        label="Targets, at most"
        description={`Of ${formatPlural(filled.length, 'filled target')} known here`}
        value={choice.limit}
        min={1}
        max={1000}
        whole
        onChange={(limit) => change({ limit })}
        testId={`${testId}-limit`}
      />
    </>
  )
}

function EpochField(props: { label: string; value: string; onChange: (value: string) => void }) {
  const { label, value, onChange } = props
  return (
    <TextInput
      label={label}
      value={value}
      placeholder="any"
      inputMode="numeric"
      autoComplete="off"
      error={/^\d*$/.test(value.trim()) ? null : 'A whole number'}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
