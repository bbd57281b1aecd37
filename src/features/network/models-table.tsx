import { Button } from '@mantine/core'
import { useState } from 'react'
import type { ModelView } from '../../chain/model-view.ts'
import { formatCount, formatPlural } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { formatSoma } from '../../lib/soma-amount.ts'
import { Card } from '../../ui/card.tsx'
import { Tag } from '../../ui/pill.tsx'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import type { Tone } from '../../ui/tone.ts'
import ui from '../../ui/ui.module.css'
import { StakeButton, useWhyNotAct } from '../holdings/index.ts'
import { byWins, countWins, formatBasisPoints, whyNotDownloadable } from '../model-standing/index.ts'
import { shortSoma } from '../short-soma.ts'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import { useKnownTargets } from '../use-known-targets.ts'
import styles from './network.module.css'

const tones: Readonly<Record<ModelView['state'], Tone>> = {
  created: 'warn',
  pending: 'warn',
  active: 'ok',
  inactive: 'quiet',
}

/** Rows added at a time: a registry can have thousands. */
const SHOWN = 50

/** Every model of the registry. */
export function ModelsTable({ models }: { models: readonly ModelView[] }) {
  const targets = useKnownTargets()
  const address = useStudioState('wallet', (state) => state.address)
  const why = useWhyNotAct()
  const wins = countWins(targets)
  const [limit, setLimit] = useState(SHOWN)
  const sorted = byWins(models, wins)
  return (
    <Card title="Models">
      <ScrollTable label="Table of models" stacks>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Owner</th>
            <th scope="col">State</th>
            <th scope="col" className={ui.number}>
              Stake, SOMA
            </th>
            <th scope="col" className={ui.number} title="A setting of the owner; no effect of it was found">
              Commission
            </th>
            <th scope="col" className={ui.number} title="Filled targets known here that name it as winner">
              Wins
            </th>
            <th scope="col">Use it</th>
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, limit).map((model) => (
            <tr key={model.id} data-model={model.id}>
              <td>
                <ModelName model={model} />
              </td>
              <td data-label="Owner">
                {model.owner === address ? (
                  'you'
                ) : (
                  <Code title={model.owner}>{compactAddress(model.owner)}</Code>
                )}
              </td>
              <td data-label="State">
                <Tag tone={tones[model.state]}>{model.state}</Tag>
              </td>
              <td className={ui.number} data-label="Stake, SOMA" title={`${formatSoma(model.stake)} SOMA`}>
                {shortSoma(model.stake)}
              </td>
              <td className={ui.number} data-label="Commission">
                {formatBasisPoints(model.commissionRate)}
              </td>
              <td className={ui.number} data-label="Wins">
                {wins.get(model.id) ?? 0}
              </td>
              <td>
                <div className={styles.acts}>
                  <WeightsButton model={model} />
                  {model.state === 'inactive' ? (
                    <Sub>inactive for good</Sub>
                  ) : (
                    <StakeButton model={model} disabled={why !== null} />
                  )}
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {sorted.length > limit && (
        <Button mt="xs" size="xs" onClick={() => setLimit(limit + SHOWN)}>
          Show {Math.min(SHOWN, sorted.length - limit)} more of {formatPlural(sorted.length, 'model')}
        </Button>
      )}
    </Card>
  )
}

function ModelName({ model }: { model: ModelView }) {
  const known = useStudioState('network', (state) => state.competitors.find(({ id }) => id === model.id))
  const own = useStudioState('publish', ({ drafts }) => drafts.find(({ modelId }) => modelId === model.id))
  const name = known?.name ?? own?.name
  return (
    <>
      {name && <b>{name} </b>}
      <Code title={model.id}>{compactAddress(model.id)}</Code>
      {known && (
        <Sub title="Validation loss on its own corpus, nats per token, as its makers measured it">
          {known.corpus}, {known.lossFirst.toFixed(3)} to {known.lossLast.toFixed(3)} in{' '}
          {formatCount(known.steps)} steps
        </Sub>
      )}
    </>
  )
}

function WeightsButton({ model }: { model: ModelView }) {
  const act = useAct()
  const { view } = useStudio().stores
  const name = useStudioState('network', (state) => state.competitors.find(({ id }) => id === model.id)?.name)
  const label = name ?? compactAddress(model.id)
  const why = whyNotDownloadable(model)
  if (why) return <Sub>{why}</Sub>
  return (
    <Button
      size="xs"
      onClick={() => {
        act((actions) => actions.chooseStart({ kind: 'competitor', modelId: model.id, label }))
        view.setState({ screen: 'train' })
      }}
    >
      Start from this
    </Button>
  )
}
