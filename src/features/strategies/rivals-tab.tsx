import { Button, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { formatCount } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { formatSoma } from '../../lib/soma-amount.ts'
import { placeOf } from '../../stores/draft-place.ts'
import { measuredOn, type Rival, type RivalOrder, rivalsOf, sortRivals } from '../../stores/rivals.ts'
import { Card } from '../../ui/card.tsx'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import ui from '../../ui/ui.module.css'
import { whyNotDownloadable } from '../model-standing/index.ts'
import { offerFile } from '../offer-file.ts'
import { shortSoma } from '../short-soma.ts'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import { useKnownTargets } from '../use-known-targets.ts'
import { Notes } from './notes.tsx'
import styles from './strategies.module.css'
import { StrategyStatus, useWhyNot } from './strategy-status.tsx'

const orders: Readonly<Record<RivalOrder, string>> = {
  wins: 'The most wins first',
  loss: 'The lowest loss on your data first',
  stake: 'The most stake first',
  distance: 'The nearest to you first',
}

const SHOWN = 30

/** Every model of the registry by what decides whose weights are worth having. */
export function RivalsTab() {
  const act = useAct()
  const [order, setOrder] = useState<RivalOrder>('wins')
  const [limit, setLimit] = useState(SHOWN)
  const rivals = sortRivals(useRivals(), order)
  const notes = useStudioState('strategy', (state) => state.rivalNotes)
  const hasData = useStudioState('corpus', (state) => state.summary !== null)
  const readable = rivals.filter(({ model }) => model.downloadable)
  const missing = readable.filter(({ loss }) => loss === null).length
  const busy = useWhyNot()
  const whyNotSave = useWhyNot(false)
  const whyNot =
    busy ??
    (readable.length === 0 ? 'No model of this network has weights that can be read yet.' : null) ??
    (hasData ? null : 'There is no data yet.')
  return (
    <div className={styles.column}>
      <StrategyStatus tab="rivals" kept="Losses so far are kept: the same click goes on." />
      <Card
        title="Competitors’ weights"
        action={
          <div className={styles.buttons}>
            <NativeSelect
              size="xs"
              aria-label="Order"
              data-testid="rival-order"
              value={order}
              onChange={(event) => setOrder(event.currentTarget.value as RivalOrder)}
              data={Object.entries(orders).map(([value, label]) => ({ value, label }))}
            />
            <Button
              size="xs"
              variant="filled"
              data-testid="score-rivals"
              disabled={whyNot !== null || missing === 0}
              title={whyNot ?? undefined}
              onClick={() => act((actions) => actions.scoreRivals())}
            >
              {missing === 0 && readable.length > 0 ? 'All scored on your data' : 'Score all on my data'}
            </Button>
          </div>
        }
      >
        <div className={styles.results}>
          <Sub>
            Weights are read from their owner’s address, else through the node, else through the bridge; size
            and checksum are verified, then they are decrypted here. A saved file is the owner’s own
            safetensors, which loads in soma-models for torch and for flax. Losses are on the validation part
            of your data.
          </Sub>
          {rivals.length === 0 ? (
            <div className={styles.empty}>
              <span>{whyNot ?? 'The network lists no models.'}</span>
            </div>
          ) : (
            <RivalTable rivals={rivals.slice(0, limit)} whyNotSave={whyNotSave} />
          )}
          {rivals.length > limit && (
            <Button size="xs" onClick={() => setLimit(limit + SHOWN)}>
              Show more
            </Button>
          )}
          <Notes notes={notes} />
        </div>
      </Card>
    </div>
  )
}

function useRivals(): Rival[] {
  const network = useStudioState('network', (state) => state)
  const targets = useKnownTargets()
  const address = useStudioState('wallet', (state) => state.address)
  const drafts = useStudioState('publish', (state) => state.drafts)
  const losses = useStudioState('strategy', (state) => state.losses)
  const digest = useStudioState('corpus', (state) => state.summary?.digest ?? '')
  const { sequence, validationWindows } = useStudioState('setup', (state) => state.recipe)
  const { system, competitors: names } = network
  if (!system) return []
  const own = system.models.find(({ owner, embedding }) => owner === address && embedding)?.embedding
  const draft = drafts.findLast(({ place }) => place === placeOf(network))?.embedding
  const measured = measuredOn(digest, sequence, validationWindows)
  const ours = drafts.flatMap(({ modelId: id, name }) => (id ? [{ id, name }] : []))
  return rivalsOf({
    system,
    targets,
    names: [...names, ...ours],
    mine: own ?? draft ?? null,
    losses,
    measured,
  })
}

function RivalTable({ rivals, whyNotSave }: { rivals: readonly Rival[]; whyNotSave: string | null }) {
  const act = useAct()
  const { actions, stores } = useStudio()
  const address = useStudioState('wallet', (state) => state.address)
  const save = async (modelId: string) => {
    const saved = await actions.saveRival(modelId)
    if (saved) offerFile(saved.data, saved.name)
  }
  return (
    <ScrollTable label="Models by what their weights are worth" stacks>
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col" className={ui.number} title="Filled targets known here that name it as winner">
            Wins
          </th>
          <th scope="col" className={ui.number} title="Validation part of your data, nats per byte of it">
            Loss on your data
          </th>
          <th scope="col" className={ui.number}>
            Stake, SOMA
          </th>
          <th scope="col" className={ui.number} title="1 − cosine between its embedding and yours">
            Distance to you
          </th>
          <th scope="col">Weights</th>
        </tr>
      </thead>
      <tbody data-testid="rivals">
        {rivals.map(({ model, name, wins, loss, distance }) => {
          const why = whyNotDownloadable(model)
          return (
            <tr key={model.id} data-model={model.id} data-loss={loss ?? ''}>
              <td>
                <b>{name}</b> <Code title={model.id}>{compactAddress(model.id)}</Code>
                {model.owner === address && <Sub>yours</Sub>}
              </td>
              <td className={ui.number} data-label="Wins">
                {formatCount(wins)}
              </td>
              <td className={ui.number} data-label="Loss on your data">
                {loss?.toFixed(4) ?? '–'}
              </td>
              <td className={ui.number} data-label="Stake, SOMA" title={`${formatSoma(model.stake)} SOMA`}>
                {shortSoma(model.stake)}
              </td>
              <td className={ui.number} data-label="Distance to you">
                {distance?.toFixed(4) ?? '–'}
              </td>
              <td>
                {why ? (
                  <Sub>{why}</Sub>
                ) : (
                  <div className={styles.inline}>
                    <Button
                      size="xs"
                      onClick={() => {
                        act((all) => all.chooseStart({ kind: 'competitor', modelId: model.id, label: name }))
                        stores.view.setState({ screen: 'train' })
                      }}
                    >
                      Start from it
                    </Button>
                    <Button
                      size="xs"
                      disabled={whyNotSave !== null}
                      onClick={() => act(() => save(model.id))}
                    >
                      Save the file
                    </Button>
                  </div>
                )}
              </td>
            </tr>
          )
        })}
      </tbody>
    </ScrollTable>
  )
}
