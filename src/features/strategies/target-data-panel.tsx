import { Button } from '@mantine/core'
import { useState } from 'react'
import { formatBytes } from '../../lib/format-bytes.ts'
import { formatCount, formatPlural } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { submissionDigest } from '../../stores/hosted-submission.ts'
import { ARCHIVED } from '../../stores/known-targets.ts'
import type { FilledTarget } from '../../stores/select-targets.ts'
import { Card } from '../../ui/card.tsx'
import { Tag } from '../../ui/pill.tsx'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import ui from '../../ui/ui.module.css'
import { useAct, useStudioState } from '../studio-context.tsx'
import styles from './strategies.module.css'
import { useWhyNot } from './strategy-status.tsx'
import { TargetFields } from './target-fields.tsx'
import { useTargetChoice } from './use-target-choice.ts'

const SHOWN = 10

/** Data that won targets: chosen, fetched, verified, added to the corpus. */
export function TargetDataPanel() {
  const act = useAct()
  const chooser = useTargetChoice()
  const { chosen, filled } = chooser
  const busy = useWhyNot(false)
  const whyNot = busy ?? (filled.length === 0 ? 'No filled target of this network is known here yet.' : null)
  const bytes = chosen.reduce((sum, { submission }) => sum + Number(submission.manifest.size), 0)
  return (
    <div className={styles.panel}>
      <Card title="Data of filled targets">
        <div className={styles.fields}>
          <TargetFields chooser={chooser} testId="data" />
          <div className={styles.buttons}>
            <Button
              variant="filled"
              data-testid="add-targets"
              disabled={whyNot !== null || chosen.length === 0}
              onClick={() => act((actions) => actions.addTargets(chosen))}
            >
              Add to your data
            </Button>
            <Sub>{whyNot ?? `${formatPlural(chosen.length, 'target')}, ${formatBytes(bytes)}`}</Sub>
          </div>
          <Sub>
            Each file is verified against the size and checksum on chain. The same data is taken once. A
            download that breaks off goes on where it stood.
          </Sub>
        </div>
      </Card>
      <Card title="Filled targets that fit">
        <ChosenTable chosen={chosen} />
      </Card>
    </div>
  )
}

function ChosenTable({ chosen }: { chosen: readonly FilledTarget[] }) {
  const [limit, setLimit] = useState(SHOWN)
  const names = useStudioState('network', (state) => state.competitors)
  const kept = useStudioState('archive', (state) => state.data)
  const regions = useStudioState('strategy', (state) => state.regions)
  if (chosen.length === 0) {
    return (
      <div className={styles.empty}>
        <span>No filled target fits.</span>
      </div>
    )
  }
  const nameOf = (id: string) => names.find((one) => one.id === id)?.name ?? compactAddress(id)
  return (
    <>
      <ScrollTable label="Filled targets that fit" stacks>
        <thead>
          <tr>
            <th scope="col">Target</th>
            <th scope="col">Source</th>
            <th scope="col">Winner</th>
            <th scope="col" className={ui.number}>
              Epoch
            </th>
            {regions && <th scope="col">Region</th>}
            <th
              scope="col"
              className={ui.number}
              title="What its submitter claimed; the chain does not check it. Lower is better"
            >
              Loss, self-reported
            </th>
            <th
              scope="col"
              className={ui.number}
              title="What its submitter claimed; the chain does not check it"
            >
              Distance, self-reported
            </th>
            <th scope="col" className={ui.number}>
              Data
            </th>
          </tr>
        </thead>
        <tbody data-testid="fitting" data-count={chosen.length}>
          {chosen.slice(0, limit).map((target) => (
            <tr key={target.id}>
              <td>
                <Code title={target.id}>{compactAddress(target.id)}</Code>
              </td>
              <td style={{ whiteSpace: 'nowrap' }} data-label="Source">
                <TargetSource target={target} kept={kept.has(submissionDigest(target.submission))} />
              </td>
              <td data-label="Winner">{nameOf(target.submission.modelId)}</td>
              <td className={ui.number} data-label="Epoch">
                {formatCount(target.fillEpoch ?? 0n)}
              </td>
              {regions && <td data-label="Region">{label(regions.labels.get(target.id))}</td>}
              <td className={ui.number} data-label="Loss, self-reported">
                {target.submission.losses[0]?.toFixed(4) ?? '–'}
              </td>
              <td className={ui.number} data-label="Distance, self-reported">
                {target.submission.distance.toFixed(4)}
              </td>
              <td className={ui.number} data-label="Data">
                {formatBytes(Number(target.submission.manifest.size))}
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {chosen.length > limit && (
        <Button mt="xs" size="xs" onClick={() => setLimit(limit + 50)}>
          Show more of {formatPlural(chosen.length, 'target')}
        </Button>
      )}
    </>
  )
}

const label = (region: number | undefined) => (region === undefined ? '–' : `${region + 1}`)

function TargetSource({ target, kept }: { target: FilledTarget; kept: boolean }) {
  const archived = target.status === ARCHIVED
  if (archived && !kept) {
    return (
      <span title="The network lists it no longer; its manifest is kept here, its data is asked for where it was hosted">
        <Tag tone="warn">manifest kept here</Tag>
      </span>
    )
  }
  if (archived) {
    return (
      <span title="The network lists it no longer; manifest and data are kept in this browser">
        <Tag tone="quiet">kept here</Tag>
      </span>
    )
  }
  return (
    <span
      title={kept ? 'On the network’s list; its data is kept in this browser too' : 'On the network’s list'}
    >
      <Tag tone="ok">{target.status}</Tag>
      {kept && ' kept'}
    </span>
  )
}
