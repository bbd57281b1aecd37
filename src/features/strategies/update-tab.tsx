import { Button, Checkbox, NativeSelect } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { compactAddress } from '../../lib/soma-address.ts'
import { Card } from '../../ui/card.tsx'
import { ScreenLink, Sub } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import styles from './strategies.module.css'
import { StrategyStatus, useWhyNot, WhyNot } from './strategy-status.tsx'
import { UpdateResults } from './update-results.tsx'

/** Whether the embedding of one of my models is due for an update, and what a new one would be. */
export function UpdateTab() {
  const act = useAct()
  const address = useStudioState('wallet', (state) => state.address)
  const registry = useStudioState('network', (state) => state.system?.models)
  const competitors = useStudioState('network', (state) => state.competitors)
  const drafts = useStudioState('publish', (state) => state.drafts)
  const wins = useStudioState('strategy', (state) => state.update)
  const [picked, setPicked] = useState<string | null>(null)
  const [realBytes, setRealBytes] = useState(false)
  const own = (registry ?? []).filter(({ owner, embedding }) => owner === address && embedding)
  const model = own.find(({ id }) => id === picked) ?? own[0]
  const reading = useWhyNot(false)
  const engine = useWhyNot()
  const modelId = model?.id
  const canRead = modelId !== undefined && reading === null
  const asked = useRef<string | null>(null)
  // What passed while the page was away is read as soon as someone looks; a count that was cancelled stays so.
  useEffect(() => {
    if (!canRead || asked.current === modelId) return
    asked.current = modelId
    if (wins?.modelId !== modelId) act((actions) => actions.countWins(modelId))
  }, [canRead, modelId, wins, act])
  const nameOf = (id: string) =>
    drafts.find((one) => one.modelId === id)?.name ??
    competitors.find((one) => one.id === id)?.name ??
    compactAddress(id)
  const counted = wins && wins.modelId === model?.id ? wins : null
  const none = 'You have no revealed model on this network. Commit a run, then reveal it in the next epoch.'
  const whyNot = model ? reading : none
  const whyNotRecompute =
    engine ??
    (counted === null
      ? 'Count the wins first.'
      : counted.log.wins.length === 0
        ? 'There is nothing won to recompute on.'
        : null)
  return (
    <div className={styles.panel}>
      <Card title="Count, then recompute">
        <div className={styles.fields}>
          {model && (
            <NativeSelect
              label="My model"
              value={model.id}
              onChange={(event) => setPicked(event.currentTarget.value)}
              data={own.map(({ id }) => ({ value: id, label: nameOf(id) }))}
            />
          )}
          <div className={styles.buttons}>
            <Button
              variant={counted ? 'default' : 'filled'}
              data-testid="count-wins"
              disabled={whyNot !== null}
              onClick={() => model && act((actions) => actions.countWins(model.id))}
            >
              Count wins
            </Button>
          </div>
          <WhyNot why={whyNot} />
          {!model && <ScreenLink href="#publish">Open Publish</ScreenLink>}
          <Sub>
            Due after 100 competitive wins, in targets of two or more models, or 7 days after the reveal. Wins
            are read from transactions, from where the last count ended.
          </Sub>
          <Checkbox
            size="xs"
            label="Real bytes only (the contract counts PAD too)"
            checked={realBytes}
            onChange={(event) => setRealBytes(event.currentTarget.checked)}
          />
          <div className={styles.buttons}>
            <Button
              variant={counted ? 'filled' : 'default'}
              data-testid="recompute-embedding"
              disabled={model === undefined || whyNotRecompute !== null}
              onClick={() => model && act((actions) => actions.recomputeEmbedding(model.id, realBytes))}
            >
              Recompute on won data
            </Button>
          </div>
          {model && whyNotRecompute !== whyNot && <WhyNot why={whyNotRecompute} />}
        </div>
      </Card>
      <div className={styles.column}>
        <StrategyStatus tab="update" kept="What was counted is kept: the next count goes on from there." />
        {counted ? (
          <UpdateResults update={counted} />
        ) : (
          <Card title="Since the last reveal">
            <div className={styles.empty}>
              <span>Count the wins to see whether an update is due.</span>
            </div>
          </Card>
        )}
      </div>
    </div>
  )
}
