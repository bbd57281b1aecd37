import { Button, NativeSelect } from '@mantine/core'
import type { SystemStateView } from '../../chain/system-state-view.ts'
import { formatPlural } from '../../lib/format-count.ts'
import { formatDuration } from '../../lib/format-duration.ts'
import type { NetworkState, WorldName } from '../../stores/network-store.ts'
import { Card } from '../../ui/card.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Sub } from '../../ui/text.tsx'
import { useNow } from '../../ui/use-now.ts'
import { useAct, useStudioState } from '../studio-context.tsx'
import { AdvanceEpochButton } from './advance-epoch-button.tsx'
import { EpochEnd } from './epoch-end.tsx'
import styles from './network.module.css'
import { WorldControls } from './world-controls.tsx'

const worlds: readonly { value: WorldName; label: string }[] = [
  { value: 'small', label: 'small world (width 16)' },
  { value: 'practice', label: 'practice world (width 64)' },
]

/** The epoch of the network and what the user may do with it. */
export function EpochCard({ network }: { network: NetworkState }) {
  const act = useAct()
  const { system, error, status, network: shown } = network
  const isPractice = shown.kind === 'practice'
  const asks = useStudioState('networks', (state) => state.probing === 'ask')
  const waiting =
    status === 'failed' ? 'No answer' : isPractice ? 'Starting…' : asks ? 'Not called yet' : 'Waiting…'
  return (
    <Card title={shown.name}>
      <div className={styles.count}>{system ? `Epoch ${system.epoch}` : waiting}</div>
      <Sub>
        {isPractice ? <EpochEnd clock={network.clock} /> : system && <EpochClock system={system} />}{' '}
        {system && formatPlural(system.models.length, 'model')}
        {system && `, ${formatPlural(network.targets.length, 'target')} read.`}
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
        {isPractice ? <PracticeButtons network={network} /> : <NodeButtons network={network} />}
      </div>
      {isPractice && <WorldControls network={network} />}
    </Card>
  )
}

function PracticeButtons({ network }: { network: NetworkState }) {
  const act = useAct()
  return (
    <>
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
    </>
  )
}

/** What a node's own services allow: only a localnet has an admin. */
function NodeButtons({ network }: { network: NetworkState }) {
  const act = useAct()
  const probe = useStudioState('networks', (state) => state.probe)
  const asks = useStudioState('networks', (state) => state.probing === 'ask')
  const busy = useStudioState('wallet', (state) => state.busy)
  const can = (name: 'admin' | 'faucet') =>
    probe?.items.some((item) => item.name === name && item.ok) ?? false
  return (
    <>
      {!network.error && !asks && (
        <Button onClick={() => act((actions) => actions.refreshNetwork())}>Read again</Button>
      )}
      {can('admin') && network.system && <AdvanceEpochButton />}
      {can('faucet') && (
        <Button loading={busy} onClick={() => act((actions) => actions.requestGas())}>
          Ask the faucet
        </Button>
      )}
    </>
  )
}

function EpochClock({ system }: { system: SystemStateView }) {
  const left = (system.epochStartMs + system.epochDurationMs - useNow()) / 1000
  return left > 0
    ? `Ends in about ${formatDuration(left)}. `
    : 'Past its time; the network ends it any moment. '
}
