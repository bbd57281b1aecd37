import { Button } from '@mantine/core'
import { useState } from 'react'
import type { SystemStateView } from '../../chain/system-state-view.ts'
import type { TargetView } from '../../chain/target-view.ts'
import { formatCount, formatPlural } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { formatSoma } from '../../lib/soma-amount.ts'
import { Card } from '../../ui/card.tsx'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import ui from '../../ui/ui.module.css'
import { type Claim, type ClaimRole, claimsOf } from '../model-standing/index.ts'
import { useAct, useStudioState } from '../studio-context.tsx'
import { useWhyNotAct } from './why-not-act.ts'

const SHOWN = 8

const roleWords: Readonly<Record<ClaimRole, string>> = {
  model: 'your model won',
  submitter: 'your data, with its bond',
  claimer: 'for claiming',
  expired: 'for claiming, expired',
}

/** Rewards that can be claimed now, and those of the account that must wait. */
export function ClaimsCard(props: { targets: readonly TargetView[]; system: SystemStateView }) {
  const { targets, system } = props
  const act = useAct()
  const address = useStudioState('wallet', (state) => state.address)
  const why = useWhyNotAct()
  const [limit, setLimit] = useState(SHOWN)
  const claims = claimsOf(targets, system, address)
  const now = claims.filter(({ from }) => from <= system.epoch)
  const ready = now.length
  const pays = now.reduce((sum, claim) => sum + claim.pays, 0n)
  return (
    <Card title="Rewards to claim">
      <Sub>
        {ready === 0
          ? 'Nothing can be claimed now. '
          : `${formatPlural(ready, 'target')} can be claimed, by anybody: owner and submitter are paid whoever does. `}
        A filled target can be claimed two epochs after it was filled, when its audit window has passed.
      </Sub>
      {why && claims.length > 0 && <Sub>{why}</Sub>}
      {ready > 1 && (
        <div>
          <Button
            my="xs"
            size="compact-sm"
            disabled={why !== null}
            data-testid="claim-all"
            title="One transaction for each target, in turn, until one fails or you stop; shown before it is signed"
            onClick={() => act((actions) => actions.claimRewards(now.map(({ target }) => target.id)))}
          >
            Claim all {formatCount(ready)}: {formatSoma(pays)} SOMA before fees
          </Button>
        </div>
      )}
      {claims.length > 0 && (
        <ScrollTable label="Table of rewards to claim" stacks>
          <thead>
            <tr>
              <th scope="col">Target</th>
              <th scope="col">Why you are paid</th>
              <th scope="col" className={ui.number} title="Before the fee of the claim">
                You get, SOMA
              </th>
              <th scope="col">Claim</th>
            </tr>
          </thead>
          <tbody>
            {claims.slice(0, limit).map((claim) => (
              <tr key={claim.target.id} data-claim={claim.target.id}>
                <td>
                  <Code title={claim.target.id}>{compactAddress(claim.target.id)}</Code>
                </td>
                <td data-label="Why you are paid">{rolesOf(claim)}</td>
                <td className={ui.number} data-label="You get, SOMA">
                  {formatSoma(claim.pays)}
                </td>
                <td>
                  {claim.from > system.epoch ? (
                    <Sub>from epoch {`${claim.from}`} on</Sub>
                  ) : (
                    <Button
                      size="compact-sm"
                      disabled={why !== null}
                      data-testid="claim"
                      onClick={() => act((actions) => actions.claimReward(claim.target.id))}
                    >
                      Claim
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
      {claims.length > limit && (
        <Button mt="xs" size="xs" onClick={() => setLimit(limit + 50)}>
          Show more of {formatPlural(claims.length, 'reward')}
        </Button>
      )}
    </Card>
  )
}

function rolesOf({ roles }: Claim): string {
  return roles.map((role) => roleWords[role]).join(', ')
}
