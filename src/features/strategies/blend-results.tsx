import { Button } from '@mantine/core'
import { formatBytes } from '../../lib/format-bytes.ts'
import { MY_DATA } from '../../stores/actions/strategies/blend-actions.ts'
import type { SweepView } from '../../stores/strategy-store.ts'
import { Card } from '../../ui/card.tsx'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import { Big, LinkButton, Sub } from '../../ui/text.tsx'
import ui from '../../ui/ui.module.css'
import { optimizerWords } from '../runs/index.ts'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import { contractWords } from './contract-words.ts'
import styles from './strategies.module.css'
import { SweepChart } from './sweep-chart.tsx'
import { SweepTable } from './sweep-table.tsx'

/** The sweep's curve, and the run that was made last. */
export function BlendResults({ onBest }: { onBest: (beta: number) => void }) {
  const sweep = useStudioState('strategy', (state) => state.sweep)
  const merged = useStudioState('strategy', (state) => state.merged)
  return (
    <>
      {merged && <MergedCard />}
      {sweep && sweep.points.length > 0 && (
        <Card title="Loss along the path">
          <div
            className={styles.results}
            data-testid="sweep"
            data-points={sweep.points.length}
            data-best={sweep.best ? JSON.stringify(sweep.best) : undefined}
          >
            {sweep.best && (
              <div className={styles.halves}>
                {sweep.data.map((name) => (
                  <div key={name}>
                    <Big>
                      Best on {name}: beta {betaOf(sweep, name)}
                    </Big>
                    <Sub>{verdict(sweep.best?.[name] ?? 0, name)}</Sub>
                  </div>
                ))}
              </div>
            )}
            <SweepChart sweep={sweep} />
            <UseBest sweep={sweep} onBest={onBest} />
            <SweepTable sweep={sweep} />
            {sweep.bytes && <Sub testId="sweep-measure">{measureWords(sweep.bytes)}</Sub>}
          </div>
        </Card>
      )}
      {!sweep && !merged && (
        <Card title="Loss along the path">
          <div className={styles.empty}>
            <span>
              Sweep beta to see, before anything is made, the contract loss at eleven points between the two.
              Strangers often have a ridge between them: the curve shows it.
            </span>
          </div>
        </Card>
      )}
    </>
  )
}

/** The best betas, where they are a blend at all; one button where several are the same. */
function UseBest({ sweep, onBest }: { sweep: SweepView; onBest: (beta: number) => void }) {
  const names = new Map<number, string[]>()
  for (const name of sweep.best ? sweep.data : []) {
    const beta = betaOf(sweep, name)
    if (beta > 0 && beta < 1) names.set(beta, [...(names.get(beta) ?? []), name])
  }
  if (names.size === 0) return null
  return (
    <div className={styles.buttons}>
      {[...names].map(([beta, on]) => (
        <Button key={beta} size="xs" onClick={() => onBest(beta)}>
          Use beta {beta}, the best on {on.join(' and ')}
        </Button>
      ))}
    </div>
  )
}

/** How much was scored, and how. */
function measureWords(bytes: Readonly<Record<string, number>>): string {
  const parts = Object.entries(bytes).map(([name, size]) => `${formatBytes(size)} of ${name}`)
  return `${contractWords(parts.join(' and '))} What is measured of my data is held out from training.`
}

const betaOf = ({ best }: SweepView, name: string) => Number((best?.[name] ?? 0).toFixed(2))

function verdict(beta: number, name: string): string {
  if (beta === 0) return `Blending does not help on ${name}: the lowest loss is at your own weights.`
  if (beta === 1) return `On ${name} theirs alone is better than any blend.`
  return `Between the two on ${name}: the blend has a lower loss than either model.`
}

function MergedCard() {
  const act = useAct()
  const { view, strategy } = useStudio().stores
  const merged = useStudioState('strategy', (state) => state.merged)
  const blocked = useStudioState('network', (state) => state.modelActionsBlocked)
  if (!merged) return null
  const { record, trials, bytes } = merged
  return (
    <Card title="The new run">
      <div className={styles.results} data-testid="merged" data-run={record.id}>
        <div>
          <Big>{record.name}</Big>
          <Sub
            title={(record.merge?.parts ?? []).map(({ label, digest }) => `${label}: ${digest}`).join('\n')}
          >
            {record.startFrom}
          </Sub>
          <Sub testId="merged-optimizer">{optimizerWords(record)}</Sub>
        </div>
        {trials.length > 0 && (
          <ScrollTable label="What the greedy soup tried" stacks>
            <thead>
              <tr>
                <th scope="col">Run</th>
                <th scope="col" className={ui.number}>
                  Loss alone
                </th>
                <th scope="col" className={ui.number}>
                  Loss in the soup
                </th>
                <th scope="col">Taken</th>
              </tr>
            </thead>
            <tbody>
              {trials.map((trial, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: runs may share a name, and the order never changes
                <tr key={index}>
                  <td>{trial.label}</td>
                  <td className={ui.number} data-label="Loss alone">
                    {trial.alone.toFixed(4)}
                  </td>
                  <td className={ui.number} data-label="Loss in the soup">
                    {trial.together.toFixed(4)}
                  </td>
                  <td data-label="Taken">{trial.taken ? 'yes' : 'no'}</td>
                </tr>
              ))}
            </tbody>
          </ScrollTable>
        )}
        {trials.length > 0 && <Sub>{measureWords({ [MY_DATA]: bytes })}</Sub>}
        <div className={styles.buttons}>
          <Button
            size="xs"
            variant="filled"
            onClick={() => {
              view.setState({ screen: 'train' })
              act((actions) => actions.resumeRun(record.id))
            }}
          >
            Train on it
          </Button>
          <Button
            size="xs"
            disabled={blocked !== null}
            title={blocked ?? undefined}
            onClick={() => act((actions) => actions.commit(record.id))}
          >
            Commit
          </Button>
          <LinkButton onClick={() => strategy.setState({ tab: 'rivals' })}>
            Score it beside the competitors
          </LinkButton>
        </div>
      </div>
    </Card>
  )
}
