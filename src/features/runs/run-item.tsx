import { Button } from '@mantine/core'
import { useState } from 'react'
import { formatCount, formatPlural } from '../../lib/format-count.ts'
import { whyNoHelp } from '../../metrics/why-no-help.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { ProvenanceDetails } from '../../ui/provenance.tsx'
import { Big, Sub } from '../../ui/text.tsx'
import { describeKernelChange } from '../../worker/describe-kernels.ts'
import type { RunRecord } from '../../worker/protocol.ts'
import { describeRun, describeRunData } from '../describe-run.ts'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import { holdsEngine } from '../train/index.ts'
import { describeProvenance } from './describe-provenance.ts'
import { RunDetails } from './run-details.tsx'
import styles from './runs.module.css'
import { TaughtNote } from './taught-note.tsx'
import { unlikeParent } from './unlike-parent.ts'

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** Why a run cannot be resumed; null where it can. */
function whyNotResume(run: RunRecord, engineIsHeld: boolean): string | null {
  if (!run.checkpoint) return 'It has no checkpoint.'
  if (run.stepsDone >= run.recipe.steps) return 'It has done all its steps.'
  return engineIsHeld ? 'A run is under way; stop it first.' : null
}

/** A run with what can be done with it. */
export function RunItem({ run }: { run: RunRecord }) {
  const act = useAct()
  const [open, setOpen] = useState(false)
  const { view } = useStudio().stores
  const held = useStudioState('run', (state) => holdsEngine(state.phase))
  const isOnScreen = useStudioState('run', (state) => state.runId === run.id)
  const isLive = isOnScreen && held
  const blocked = useStudioState('network', (state) => state.modelActionsBlocked)
  const newKernels = useStudioState('tuning', ({ report, half }) => report !== null || half)
  const noGpu = useStudioState('device', (state) => state.status === 'missing')
  const whyNot = noGpu ? 'Training needs WebGPU.' : whyNotResume(run, held)
  const whyNoCommit =
    blocked ??
    (run.checkpoint || isLive ? null : 'It has no checkpoint.') ??
    (noGpu ? 'The embedding needs WebGPU.' : null) ??
    (held && !isLive ? 'Another run is under way; stop it first.' : null)
  const unlike = useStudioState('runs', ({ runs }) => unlikeParent(run, runs))
  const noHelp = run.stepsDone >= run.recipe.steps ? whyNoHelp(run.lossFirst, run.lossLast) : null
  return (
    <li className={styles.item} data-run={run.id}>
      <div className={styles.text}>
        <Big>{run.name}</Big>
        <Sub>{describeRun(run)}</Sub>
        {unlike && <Sub testId="run-unlike">{unlike}</Sub>}
        {noHelp && <Sub testId="run-no-help">{noHelp}</Sub>}
        <TaughtNote run={run} />
        <Sub title={`Digest of the data: ${run.corpus.digest}`}>{describeRunData(run)}</Sub>
        <RunSources run={run} />
        {/* What it began with is among the details; a change in its course is news. */}
        {run.kernels?.slice(1).map((change) => (
          <Sub key={`${change.fromStep} ${change.reason}`} testId="run-kernels">
            {describeKernelChange(change)}
          </Sub>
        ))}
        {describeProvenance(run).map((sentence) => (
          <Sub key={sentence} testId="run-provenance">
            {sentence}
          </Sub>
        ))}
        <Sub>
          {when.format(run.createdAt)}
          {run.checkpoint && `, checkpoint at step ${formatCount(run.checkpoint.step)}`}
          {whyNot && run.stepsDone < run.recipe.steps && `. Can’t resume: ${whyNot}`}
        </Sub>
      </div>
      <div className={styles.buttons}>
        <Button
          size="xs"
          disabled={whyNot !== null}
          title={whyNot ?? undefined}
          onClick={() => {
            view.setState({ screen: 'train' })
            act((actions) => actions.resumeRun(run.id))
          }}
        >
          Resume
        </Button>
        {newKernels && (
          <Button
            size="xs"
            variant="subtle"
            disabled={whyNot !== null}
            title={whyNot ?? 'Faster kernels from here on; results differ in their last bits'}
            onClick={() => {
              view.setState({ screen: 'train' })
              act((actions) => actions.resumeRun(run.id, 0, true))
            }}
          >
            Resume retuned
          </Button>
        )}
        <Button
          size="xs"
          disabled={whyNoCommit !== null}
          title={whyNoCommit ?? undefined}
          onClick={() => act((actions) => actions.commit(run.id))}
        >
          Commit
        </Button>
        {run.checkpoint && !isOnScreen && (
          <Button
            size="xs"
            title="Draws its loss beside that of the run on the Train screen"
            onClick={() => view.setState({ screen: 'train', compareWith: run.id, lossSpan: 1 })}
          >
            Compare
          </Button>
        )}
        <Button
          size="xs"
          aria-expanded={open}
          data-testid="run-details-button"
          onClick={() => setOpen(!open)}
        >
          {open ? 'Less' : 'Details'}
        </Button>
        <ConfirmButton
          size="xs"
          variant="subtle"
          color="red"
          label="Delete"
          question={`Delete ${run.name}?`}
          confirmLabel="Delete this run"
          disabled={isLive}
          onConfirm={() => act((actions) => actions.deleteRun(run.id))}
        >
          Its checkpoints and its history are removed from this device for good. Models that you published
          from it stay on the network.
        </ConfirmButton>
      </div>
      {open && <RunDetails run={run} />}
    </li>
  )
}

const SHOWN = 50

/** Where the fetched part of its data was from. */
function RunSources({ run }: { run: RunRecord }) {
  const fetched = run.corpus.sources.filter(({ provenance }) => provenance)
  if (fetched.length === 0) return null
  return (
    <details>
      <summary>Where {formatPlural(fetched.length, 'source')} of its data came from</summary>
      {fetched.slice(0, SHOWN).map(({ name, digest, provenance = {} }) => (
        <ProvenanceDetails key={digest} title={name} provenance={provenance} />
      ))}
      {fetched.length > SHOWN && <Sub>And {fetched.length - SHOWN} more, in the run’s record.</Sub>}
    </details>
  )
}
