import { Button } from '@mantine/core'
import { formatBytes } from '../../lib/format-bytes.ts'
import { formatPlural } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import type { SparseRegion } from '../../strategies/map/sparse-regions.ts'
import { Card } from '../../ui/card.tsx'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import { Big, Code, Sub } from '../../ui/text.tsx'
import ui from '../../ui/ui.module.css'
import { useWhyNotAct } from '../holdings/index.ts'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import { useKnownTargets } from '../use-known-targets.ts'
import styles from './strategies.module.css'
import { useWhyNot, WhyNot } from './strategy-status.tsx'
import { useOwnModels } from './use-own-models.ts'

/** Members listed at once. */
const SHOWN = 8

/** One region: the data that lies there, nearest first, and what can be done with it. */
export function RegionCard({ region }: { region: SparseRegion }) {
  const act = useAct()
  const { strategy } = useStudio().stores
  const targets = useKnownTargets()
  const whyNot = useWhyNot(false)
  const [own] = useOwnModels()
  const whyNotMove = useWhyNotAct()
  const name = compactAddress(region.id)
  const members = region.members.slice(0, SHOWN).map((id) => targets.find((one) => one.id === id))
  return (
    <Card title={`Around target ${name}`}>
      <div className={styles.results} data-testid="region" data-members={region.members.length}>
        <Big>Data of {formatPlural(region.members.length, 'target')} to learn from</Big>
        <div className={styles.buttons}>
          <Button
            variant="filled"
            size="xs"
            data-testid="train-on-region"
            disabled={whyNot !== null}
            title={whyNot ?? undefined}
            onClick={() => act((actions) => actions.trainOnRegion(region.members))}
          >
            Train on its data
          </Button>
          <Button
            size="xs"
            data-testid="forecast-region"
            onClick={() =>
              strategy.setState({
                tab: 'forecast',
                place: { label: `the place of target ${name}`, embedding: region.embedding },
              })
            }
          >
            Forecast an embedding here
          </Button>
          {own && (
            <Button
              size="xs"
              data-testid="move-here"
              disabled={whyNotMove !== null}
              title={whyNotMove ?? `Commits another embedding of ${own.name}; its weights stay as they are`}
              onClick={() =>
                act((actions) =>
                  actions.updateEmbedding(own.id, region.embedding, `the place of target ${name}`),
                )
              }
            >
              Move {own.name} here
            </Button>
          )}
        </div>
        <WhyNot why={whyNot} />
        <ScrollTable label="Data of the region" stacks>
          <thead>
            <tr>
              <th scope="col">Target</th>
              <th scope="col" className={ui.number}>
                Data
              </th>
              <th scope="col" className={ui.number} title="As the submitter reported it, by the contract">
                Winning loss
              </th>
              <th scope="col">Winner</th>
            </tr>
          </thead>
          <tbody>
            {members.map(
              (target) =>
                target?.submission && (
                  <tr key={target.id}>
                    <td>
                      <Code title={target.id}>{compactAddress(target.id)}</Code>
                    </td>
                    <td className={ui.number} data-label="Data">
                      {formatBytes(Number(target.submission.manifest.size))}
                    </td>
                    <td className={ui.number} data-label="Winning loss">
                      {target.submission.losses[0]?.toFixed(4) ?? '–'}
                    </td>
                    <td data-label="Winner">
                      <WinnerName id={target.submission.modelId} />
                    </td>
                  </tr>
                ),
            )}
          </tbody>
        </ScrollTable>
        {region.members.length > SHOWN && <Sub>And {region.members.length - SHOWN} more.</Sub>}
        <Sub>
          Training adds this data to yours and opens Train. A place is not a skill: a model that stands here
          is asked about data like this, and wins it only by a lower loss.
        </Sub>
      </div>
    </Card>
  )
}

function WinnerName({ id }: { id: string }) {
  const name = useStudioState('network', (state) => state.competitors.find((one) => one.id === id)?.name)
  return <Code title={id}>{name ?? compactAddress(id)}</Code>
}
