import { Button } from '@mantine/core'
import type { StakeView } from '../../chain/object-view.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { formatSoma } from '../../lib/soma-amount.ts'
import { Card } from '../../ui/card.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import styles from './holdings.module.css'
import { useWhyNotAct } from './why-not-act.ts'

/** What the account in use has staked, and its way back. */
export function StakesCard() {
  const stakes = useStudioState('wallet', (state) => state.stakes)
  const why = useWhyNotAct()
  if (stakes.length === 0) return null
  return (
    <Card title="Stakes">
      {why && <Sub>{why}</Sub>}
      <ul className={styles.list}>
        {stakes.map((stake) => (
          <Stake key={stake.ref.objectId} stake={stake} disabled={why !== null} />
        ))}
      </ul>
    </Card>
  )
}

function Stake({ stake, disabled }: { stake: StakeView; disabled: boolean }) {
  const act = useAct()
  const { ref, poolId, principal, activationEpoch } = stake
  const model = useStudioState('network', (state) =>
    state.system?.models.find((candidate) => candidate.poolId === poolId),
  )
  const epoch = useStudioState('network', (state) => state.system?.epoch ?? 0n)
  const waits = model?.state === 'created' || model?.state === 'pending'
  return (
    <li className={styles.item} data-stake={ref.objectId}>
      <div className={styles.text}>
        <b>{formatSoma(principal)} SOMA</b>{' '}
        {model ? (
          <>
            on model <Code title={model.id}>{compactAddress(model.id)}</Code>, {model.state}
          </>
        ) : (
          'on a validator'
        )}
        <Sub>
          {activationEpoch > epoch
            ? `Counts from epoch ${activationEpoch} on.`
            : `Counts since epoch ${activationEpoch}.`}{' '}
          What was slashed meanwhile does not come back.
          {waits && ' The model is not active yet: without this stake it has less weight when it is.'}
        </Sub>
      </div>
      <div className={styles.buttons}>
        <Button
          size="xs"
          disabled={disabled}
          data-testid="withdraw"
          onClick={() => act((actions) => actions.withdrawStake(ref.objectId))}
        >
          Withdraw
        </Button>
      </div>
    </li>
  )
}
