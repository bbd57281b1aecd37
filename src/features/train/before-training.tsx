import { Button } from '@mantine/core'
import { ScreenLink } from '../../ui/text.tsx'
import { describeRun } from '../describe-run.ts'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import styles from './train.module.css'

/** In the place of the curve while there is none: what this is on the first visit, later where one left off. */
export function BeforeTraining() {
  const loaded = useStudioState('runs', (state) => state.loaded)
  const last = useStudioState('runs', (state) => state.runs[0])
  return (
    <div className={styles.before} data-testid="before-training">
      {loaded && (last ? <LastRun id={last.id} /> : <Introduction />)}
    </div>
  )
}

/** What SOMA is and what is done here, in a minute. */
export function Introduction() {
  const isPractice = useStudioState('network', (state) => state.network.kind === 'practice')
  return (
    <>
      <h3>Train a model and let it compete on SOMA</h3>
      <p>
        SOMA is a network of competing models. It makes targets; people fill them with data, and the model
        that predicts that data best wins the target. Its owner shares the reward with whoever sent the data.
      </p>
      <ol>
        <li>
          <b>Train</b> here, on this device’s GPU: drop your texts or keep the bundled ones.
        </li>
        <li>
          <b>Commit</b>: stake SOMA on the model; its encrypted weights are fixed by their checksum.
        </li>
        <li>
          <b>Reveal</b> in the next epoch: the weights become public, and the model competes.
        </li>
      </ol>
      {isPractice && (
        <p>
          You are on the <b>practice network</b>: it runs in this page, needs no account, and its SOMA has no
          value. <ScreenLink href="#network">What is practice, what is real</ScreenLink>
        </p>
      )}
    </>
  )
}

function LastRun({ id }: { id: string }) {
  const act = useAct()
  const { view } = useStudio().stores
  const run = useStudioState('runs', ({ runs }) => runs.find((one) => one.id === id))
  const blocked = useStudioState('network', (state) => state.modelActionsBlocked)
  if (!run) return null
  return (
    <>
      <h3>Your last run: {run.name}</h3>
      <p>{describeRun(run)}</p>
      <div className={styles.beforeButtons}>
        {run.checkpoint && (
          <>
            <Button size="xs" onClick={() => view.setState({ compareWith: run.id, lossSpan: 1 })}>
              Show its loss
            </Button>
            <Button
              size="xs"
              disabled={blocked !== null}
              title={blocked ?? undefined}
              onClick={() => act((actions) => actions.commit(run.id))}
            >
              Commit it
            </Button>
          </>
        )}
        <ScreenLink href="#runs">All runs</ScreenLink>
      </div>
      <p>Train begins a new run with the setup at the left.</p>
    </>
  )
}
