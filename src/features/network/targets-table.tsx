import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useState } from 'react'
import type { TargetView } from '../../chain/target-view.ts'
import { formatPlural } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { formatSoma } from '../../lib/soma-amount.ts'
import { ARCHIVED } from '../../stores/known-targets.ts'
import { Card } from '../../ui/card.tsx'
import { Tag } from '../../ui/pill.tsx'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import ui from '../../ui/ui.module.css'
import { SubmitButton, useWhyNotAct } from '../holdings/index.ts'
import { claimOf, filledTargets } from '../model-standing/index.ts'
import { useAct, useStudioState } from '../studio-context.tsx'
import styles from './network.module.css'

const SHOWN = 20
/** On a phone a target is a block of its own. */
const SHOWN_NARROW = 5
/** Beside the statuses: where data can win for a model of mine. */
const ASKS_MINE = 'asks your model'

/** Targets by status; what a submission claimed is marked as such. */
export function TargetsTable({ targets }: { targets: readonly TargetView[] }) {
  const [status, setStatus] = useState<string>('all')
  const narrow = useMediaQuery('(max-width: 600px)', false, { getInitialValueInEffect: false })
  const most = narrow ? SHOWN_NARROW : SHOWN
  const [pages, setPages] = useState(1)
  const limit = pages * most
  const address = useStudioState('wallet', (state) => state.address)
  const models = useStudioState('network', (state) => state.system?.models)
  const own = new Set((models ?? []).flatMap(({ id, owner }) => (owner === address ? [id] : [])))
  const asksMine = ({ status: now, modelIds }: TargetView) =>
    now === 'open' && modelIds.some((id) => own.has(id))
  const chosen = targets.filter((target) =>
    status === ASKS_MINE ? asksMine(target) : status === 'all' || target.status === status,
  )
  const statuses = [
    'all',
    ...new Set(targets.map((target) => target.status)),
    ...(targets.some(asksMine) ? [ASKS_MINE] : []),
  ]
  const hasClaims = targets.some((target) => claimOf(target) !== null)
  const sorted = [...chosen].sort(
    (a, b) => Number(b.winningModelId !== null) - Number(a.winningModelId !== null),
  )
  const whyNotAct = useWhyNotAct()
  const hasScoring = useStudioState(
    'network',
    ({ network }) => network.kind === 'practice' || network.urls.scoring !== undefined,
  )
  const hasOpen = targets.some((target) => target.status === 'open')
  const canSubmit = hasOpen && hasScoring && whyNotAct === null
  const whyNot =
    hasOpen && !hasScoring
      ? 'Data can be submitted from here only to networks with a scoring service, which this one does not offer.'
      : null
  return (
    <Card title="Targets" action={<UseDataButton targets={targets} />}>
      <div className={styles.filters}>
        {statuses.map((name) => (
          <Button
            key={name}
            size="compact-sm"
            variant={name === status ? 'filled' : 'default'}
            aria-pressed={name === status}
            onClick={() => setStatus(name)}
          >
            {name}
          </Button>
        ))}
      </div>
      {whyNot && <Sub>{whyNot}</Sub>}
      {sorted.length === 0 && <Sub>No targets.</Sub>}
      {sorted.length > 0 && (
        <ScrollTable label="Table of targets" stacks>
          <thead>
            <tr>
              <th scope="col">Target</th>
              <th scope="col">Status</th>
              <th scope="col">Winner</th>
              {hasClaims && (
                <>
                  <th scope="col" className={ui.number}>
                    Loss, self-reported
                  </th>
                  <th scope="col" className={ui.number}>
                    Distance, self-reported
                  </th>
                </>
              )}
              <th scope="col" className={ui.number}>
                Reward, SOMA
              </th>
              {canSubmit && <th scope="col">Submit</th>}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, limit).map((target) => (
              <TargetRow key={target.id} target={target} hasClaims={hasClaims} canSubmit={canSubmit} />
            ))}
          </tbody>
        </ScrollTable>
      )}
      {sorted.length > limit && (
        <Button mt="xs" size="xs" onClick={() => setPages(pages + 1)}>
          Show {Math.min(most, sorted.length - limit)} more of {formatPlural(sorted.length, 'target')}
        </Button>
      )}
    </Card>
  )
}

function TargetRow(props: { target: TargetView; hasClaims: boolean; canSubmit: boolean }) {
  const { target, hasClaims, canSubmit } = props
  const claim = claimOf(target)
  const winner = target.winningModelId
  return (
    <tr>
      <td>
        <Code title={target.id}>{compactAddress(target.id)}</Code>
      </td>
      <td data-label="Status">
        <span
          title={
            target.status === ARCHIVED ? 'No longer on the network’s list: kept in this browser' : undefined
          }
        >
          <Tag tone={['open', ARCHIVED].includes(target.status) ? 'quiet' : 'ok'}>{target.status}</Tag>
        </span>
      </td>
      <td data-label="Winner" data-none={!winner}>
        {winner ? <Winner id={winner} /> : '–'}
      </td>
      {hasClaims && (
        <>
          <td className={ui.number} data-label="Loss, self-reported" data-none={!claim}>
            {claim ? claim.loss.toFixed(4) : '–'}
          </td>
          <td className={ui.number} data-label="Distance, self-reported" data-none={!claim}>
            {claim ? claim.distance.toFixed(4) : '–'}
          </td>
        </>
      )}
      <td className={ui.number} data-label="Reward, SOMA">
        {formatSoma(target.rewardPool)}
      </td>
      {canSubmit && <td>{target.status === 'open' && <SubmitButton target={target} />}</td>}
    </tr>
  )
}

function Winner({ id }: { id: string }) {
  const name = useStudioState('network', (state) => state.competitors.find((model) => model.id === id)?.name)
  return (
    <>
      {name && `${name} `}
      <Code title={id}>{compactAddress(id)}</Code>
    </>
  )
}

function UseDataButton({ targets }: { targets: readonly TargetView[] }) {
  const act = useAct()
  const used = useStudioState('corpus', (state) => state.items.some((item) => item.origin === 'target'))
  const count = filledTargets(targets).length
  if (count === 0) return null
  return (
    <Button
      size="compact-sm"
      disabled={used}
      title="Fetched from its host, size and checksum verified, then added to the data on the Train screen"
      onClick={() => act((actions) => actions.addTargetData())}
    >
      {used ? 'Its data is in your corpus' : `Train on the data of ${formatPlural(count, 'filled target')}`}
    </Button>
  )
}
