import { Button } from '@mantine/core'
import type { ModelDraft } from '../../stores/publish-store.ts'
import { Card } from '../../ui/card.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Big, Sub } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { deadlineSentence, draftState } from './draft-state.ts'
import styles from './publish.module.css'

/** The chosen model while no wizard is open: what comes next. */
export function DraftPanel({ draft }: { draft: ModelDraft }) {
  const act = useAct()
  const world = useStudioState('network', (state) => state.world)
  const system = useStudioState('network', (state) => state.system)
  const blocked = useStudioState('network', (state) => state.modelActionsBlocked)
  const state = draftState(draft, { world, system })
  const elsewhere = draft.world !== world
  const next = { packaged: 'Create and commit', created: 'Commit' } as const
  return (
    <Card title={draft.name}>
      <Big>{deadlineSentence(draft, { world, system })}</Big>
      {elsewhere && (
        <Sub>
          It belongs to the {draft.world} world.{' '}
          <Button size="compact-xs" onClick={() => act((actions) => actions.switchWorld(draft.world))}>
            Open that world
          </Button>
        </Sub>
      )}
      {blocked && !elsewhere && <Sub>{blocked}</Sub>}
      <div className={styles.foot}>
        <span />
        {(state === 'packaged' || state === 'inactive') && (
          <ConfirmButton
            label="Delete"
            variant="subtle"
            color="red"
            question={`Delete the package of ${draft.name}?`}
            confirmLabel="Delete this package"
            onConfirm={() => act((actions) => actions.deleteDraft(draft.id))}
          >
            Its key, embedding and encrypted file are removed from this device. The run and its checkpoints
            stay.
          </ConfirmButton>
        )}
        {(state === 'packaged' || state === 'created') && (
          <Button
            variant="filled"
            data-testid="continue-draft"
            disabled={elsewhere || blocked !== null}
            onClick={() => act((actions) => actions.continueDraft(draft.id))}
          >
            {next[state]}
          </Button>
        )}
      </div>
    </Card>
  )
}
