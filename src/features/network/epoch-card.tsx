import { Button, NativeSelect } from '@mantine/core'
import { formatPlural } from '../../lib/format-count.ts'
import type { NetworkState, WorldName } from '../../stores/network-store.ts'
import { Card } from '../../ui/card.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Sub } from '../../ui/text.tsx'
import { useAct } from '../studio-context.tsx'
import { AdvanceEpochButton } from './advance-epoch-button.tsx'
import { EpochEnd } from './epoch-end.tsx'
import styles from './network.module.css'
import { WorldControls } from './world-controls.tsx'

const worlds: readonly { value: WorldName; label: string }[] = [
  { value: 'small', label: 'small world (width 16)' },
  { value: 'practice', label: 'practice world (width 64)' },
]

/** The epoch of the practice network and what the user may do with it. */
export function EpochCard({ network }: { network: NetworkState }) {
  const act = useAct()
  const { system, error } = network
  return (
    <Card title="Practice network">
      <div className={styles.count}>{system ? `Epoch ${system.epoch}` : 'Starting…'}</div>
      <Sub>
        <EpochEnd clock={network.clock} /> {system && formatPlural(system.models.length, 'model')}
        {system && `, ${formatPlural(network.targets.length, 'target')}.`}
      </Sub>
      {error && (
        <ErrorNotice
          error={error}
          actions={
            <Button size="xs" onClick={() => act((actions) => actions.refreshNetwork())}>
              Try again
            </Button>
          }
        />
      )}
      <div className={styles.buttons}>
        <NativeSelect
          aria-label="World"
          data-testid="world-select"
          value={network.world}
          disabled={network.status === 'connecting'}
          data={[...worlds]}
          onChange={(event) => {
            const world = event.currentTarget.value as WorldName
            act((actions) => actions.switchWorld(world))
          }}
        />
        <AdvanceEpochButton />
      </div>
      <WorldControls network={network} />
    </Card>
  )
}
