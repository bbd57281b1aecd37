import { Button } from '@mantine/core'
import type { DraftState, ModelDraft } from '../../stores/publish-store.ts'
import { Card } from '../../ui/card.tsx'
import { Sub } from '../../ui/text.tsx'
import { Timeline } from '../../ui/timeline.tsx'
import {
  belongsHere,
  draftEpochs,
  draftState,
  draftTimeline,
  missedSentence,
  revealWindow,
} from '../model-standing/index.ts'
import { AdvanceEpochButton } from '../network/index.ts'
import { offerFile } from '../offer-file.ts'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import { useDraftNetwork } from '../use-draft-network.ts'
import { NotifyButton } from './notify-button.tsx'
import styles from './publish.module.css'

function headline(state: DraftState, committed: number | null, epoch: bigint): string {
  if (state === 'active' || state === 'replaced') return 'revealed'
  if (state === 'inactive') return 'missed'
  if (state !== 'pending') return 'after the commit'
  const opens = (committed ?? 0) + 1
  const window = revealWindow(committed, epoch)
  if (window === 'ahead') return `opens in epoch ${opens}`
  return window === 'open' ? `open now, in epoch ${opens}` : `closed after epoch ${opens}`
}

/** When the model has to be revealed, and the button when it is time. */
export function RevealCard({ draft }: { draft: ModelDraft }) {
  const act = useAct()
  const network = useDraftNetwork()
  const isPractice = useStudioState('network', (state) => state.network.kind === 'practice')
  const hasAdmin = useStudioState('network', (state) => state.network.urls.admin !== undefined)
  const state = draftState(draft, network)
  const epoch = network.system?.epoch ?? 0n
  const { committed } = draftEpochs(draft, network)
  const here = belongsHere(draft, network)
  const isOpen = here && state === 'pending' && revealWindow(committed, epoch) === 'open'
  const isWorking = useStudioState('publish', ({ wizard }) => wizard !== null && wizard.receipt === null)
  const unfinished = state === 'created' || state === 'pending'
  const missed = missedSentence(draft, network)
  return (
    <>
      <Card title="Reveal window">
        <div className={styles.count}>{headline(state, committed, epoch)}</div>
        {state === 'pending' && !isOpen && (
          <Sub>then open for one epoch; now it is epoch {String(epoch)}</Sub>
        )}
        <div className={styles.spaced}>
          <Timeline entries={draftTimeline(draft, network)} />
        </div>
        <div className={styles.buttons}>
          {isOpen && !isWorking && (
            <Button
              variant="filled"
              data-testid="reveal-button"
              onClick={() => act((actions) => actions.reveal(draft.id))}
            >
              Reveal
            </Button>
          )}
          {here && (unfinished || state === 'active') && (isPractice || hasAdmin) && <AdvanceEpochButton />}
        </div>
        {here && isPractice && (unfinished || state === 'active') && (
          <div className={styles.below}>
            <Sub>
              On this practice network an epoch ends when you say so.
              {state === 'active' && ' Each new one makes targets, and some of them go to this model.'}
            </Sub>
          </div>
        )}
      </Card>
      {missed && (
        <Card title="If it is missed">
          <Sub>{missed}</Sub>
          <div className={styles.spaced}>
            <Sub>
              The key and the exact embedding are saved on this device. The bundle reveals it from any other.
            </Sub>
          </div>
          <BackupButtons draft={draft} hasWindow={state === 'pending'} />
        </Card>
      )}
    </>
  )
}

function BackupButtons({ draft, hasWindow }: { draft: ModelDraft; hasWindow: boolean }) {
  const { actions } = useStudio()
  const act = useAct()
  return (
    <div className={styles.buttons}>
      <Button
        size="xs"
        data-testid="save-bundle"
        onClick={() => act(() => offerFile(actions.revealBundle(draft.id), `${draft.name}-reveal.json`))}
      >
        Save reveal bundle
      </Button>
      {hasWindow && (
        <Button
          size="xs"
          onClick={() => act(() => offerFile(actions.revealCalendar(draft.id), `${draft.name}-reveal.ics`))}
        >
          Add to calendar
        </Button>
      )}
      {hasWindow && <NotifyButton />}
    </div>
  )
}
