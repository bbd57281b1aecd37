import { Button } from '@mantine/core'
import { formatPlural } from '../../lib/format-count.ts'
import type { UpdateView } from '../../stores/strategy-store.ts'
import { UPDATE_DAYS, UPDATE_WINS, updateDue } from '../../strategies/update/win-log.ts'
import { Card } from '../../ui/card.tsx'
import { Rows } from '../../ui/rows.tsx'
import { Big, Sub } from '../../ui/text.tsx'
import { useNow } from '../../ui/use-now.ts'
import { useWhyNotAct } from '../holdings/index.ts'
import { useAct } from '../studio-context.tsx'
import { percent } from './forecast-results.tsx'
import { Notes } from './notes.tsx'
import styles from './strategies.module.css'

/** Due or not, and what a new embedding would change. */
export function UpdateResults({ update }: { update: UpdateView }) {
  const { log, won, shares } = update
  const now = useNow(60_000)
  const due = updateDue(log, now)
  return (
    <>
      <Card title="Since the last reveal">
        <div className={styles.results} data-testid="update" data-wins={log.wins.length}>
          <div>
            <Big>{due.reason ? 'An update is due' : 'No update is due yet'}</Big>
            <Sub>
              {due.reason === 'wins' && `There are ${UPDATE_WINS} competitive wins or more. `}
              {due.reason === 'days' && `The reveal was ${UPDATE_DAYS} days ago or more. `}
              Read up to checkpoint {log.cursor - 1}.
            </Sub>
          </div>
          <Rows
            entries={[
              {
                label: 'Wins',
                value: `${log.wins.length}`,
                source: 'SubmitData transactions in checkpoints',
              },
              { label: 'Competitive wins', value: `${due.competitive} of ${UPDATE_WINS}` },
              {
                label: 'Competition not known',
                value: `${due.unknown}`,
                source:
                  'Their targets were claimed, which deletes them, before this device saw them; they are not counted',
              },
              {
                label: 'Days since the reveal',
                value:
                  due.days === null
                    ? 'not known: before what was read'
                    : `${due.days.toFixed(1)} of ${UPDATE_DAYS}`,
              },
            ]}
          />
          <Notes notes={update.notes} />
        </div>
      </Card>
      {won && (
        <Card title="The new embedding">
          <div
            className={styles.results}
            data-testid="won-embedding"
            data-unseen-before={won.unseen?.before ?? ''}
            data-unseen-after={won.unseen?.after ?? ''}
          >
            <div>
              <Big>
                {won.move
                  ? `It moves by ${won.move.degrees.toFixed(2)}°`
                  : 'There is no embedding in force to move from'}
              </Big>
              <Sub>
                Mean over {won.sequences} sequences of {won.submissions} won submissions, equal weight each
                {won.move && `; cosine distance ${won.move.distance.toFixed(5)}`}.
              </Sub>
              <Unseen {...won} />
              {shares && (
                <Sub>
                  Forecast: {percent(shares.before.share)} of targets now, {percent(shares.after.share)} with
                  the new one ({percent(shares.after.low)} to {percent(shares.after.high)}).{' '}
                  {shares.after.share < shares.before.low && 'It would be assigned fewer targets.'}
                </Sub>
              )}
            </div>
            <RegisterEmbedding modelId={update.modelId} won={won} />
          </div>
        </Card>
      )}
    </>
  )
}

/** Whether the new embedding is nearer to what was won than the one in force, by data that it is not made from. */
function Unseen({ unseen, submissions }: NonNullable<UpdateView['won']>) {
  if (!unseen || unseen.before === null) return null
  const { before, after } = unseen
  return (
    <Sub title="Each submission is left out in turn: its distance is to the mean of the others, not to an embedding that it went into">
      Mean cosine distance to each of the {submissions} won submissions: {before.toFixed(4)} from the
      embedding in force, {after.toFixed(4)} from one made of the others.{' '}
      {after >= before && 'Where it stands now is as near or nearer: an update would not help.'}
    </Sub>
  )
}

/** Opens the commit of this embedding alone: weights, address and key stay as they are registered. */
function RegisterEmbedding({ modelId, won }: { modelId: string; won: NonNullable<UpdateView['won']> }) {
  const act = useAct()
  const whyNot = useWhyNotAct()
  const note = `from ${formatPlural(won.sequences, 'sequence')} of ${formatPlural(won.submissions, 'won submission')}`
  return (
    <div>
      <Button
        variant="filled"
        data-testid="register-embedding"
        disabled={whyNot !== null}
        onClick={() => act((actions) => actions.updateEmbedding(modelId, won.embedding, note))}
      >
        Register this embedding
      </Button>
      <Sub>
        {whyNot ??
          'Commits the same address, checksum and key again with this embedding; nothing is uploaded. It is revealed in the next epoch, and a missed reveal costs nothing.'}
      </Sub>
    </div>
  )
}
