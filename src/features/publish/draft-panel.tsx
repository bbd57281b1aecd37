import { Button } from '@mantine/core'
import { formatCount } from '../../lib/format-count.ts'
import { formatSoma } from '../../lib/soma-amount.ts'
import { isWorld } from '../../stores/draft-place.ts'
import type { ModelDraft } from '../../stores/publish-store.ts'
import { Card } from '../../ui/card.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { type RowEntry, Rows } from '../../ui/rows.tsx'
import { Big, Code, ScreenLink, Sub } from '../../ui/text.tsx'
import { belongsHere, countWins, deadlineSentence, draftState } from '../model-standing/index.ts'
import { offerFile } from '../offer-file.ts'
import { useAct, useStudioState } from '../studio-context.tsx'
import { useDraftNetwork } from '../use-draft-network.ts'
import { useKnownTargets } from '../use-known-targets.ts'
import styles from './publish.module.css'

/** What was signed for the model so far. */
function transactionRows(draft: ModelDraft): RowEntry[] {
  const signed = [
    ['Created by', draft.createDigest],
    ['Committed by', draft.commitDigest],
    ['Revealed by', draft.revealDigest],
  ] as const
  const rows = signed.flatMap(([label, digest]): RowEntry[] =>
    digest ? [{ label, value: <Code>{digest}</Code>, source: 'Digest of the transaction, Base58' }] : [],
  )
  if (rows.length === 0) return []
  return [
    ...(draft.purpose === 'model'
      ? [{ label: 'Staked at first', value: `${formatSoma(BigInt(draft.stake))} SOMA` }]
      : []),
    ...rows,
    ...(draft.weightsUrl ? [{ label: 'Encrypted weights', value: <Code>{draft.weightsUrl}</Code> }] : []),
  ]
}

/** What an active model has won so far, and where to go on with it. */
function Standing({ modelId }: { modelId: string }) {
  const wins = countWins(useKnownTargets()).get(modelId) ?? 0
  return (
    <div className={styles.below} data-testid="model-wins" data-wins={wins}>
      <Rows
        entries={[
          {
            label: 'Targets won',
            value: formatCount(wins),
            source:
              'Targets of this network whose winning submission names this model, those seen before included',
          },
        ]}
      />
      <ScreenLink href="#network">Rewards to claim, stake, updates: on the Network screen</ScreenLink>
    </div>
  )
}

/** The chosen model while no wizard is open: what comes next. */
export function DraftPanel({ draft }: { draft: ModelDraft }) {
  const act = useAct()
  const network = useDraftNetwork()
  const blocked = useStudioState('network', (state) => state.modelActionsBlocked)
  const state = draftState(draft, network)
  const entries = transactionRows(draft)
  const elsewhere = !belongsHere(draft, network)
  const isUpdate = draft.purpose !== 'model'
  const next = { packaged: isUpdate ? 'Commit' : 'Create and commit', created: 'Commit' } as const
  return (
    <Card title={draft.name}>
      <Big>{deadlineSentence(draft, network)}</Big>
      {draft.place !== network.place && (
        <Sub>
          It belongs to {draft.placeName}.{' '}
          <Button size="compact-sm" onClick={() => act((actions) => actions.openPlace(draft.place))}>
            Open {draft.placeName}
          </Button>
        </Sub>
      )}
      {blocked && !elsewhere && <Sub>{blocked}</Sub>}
      {state === 'active' && draft.modelId && !elsewhere && <Standing modelId={draft.modelId} />}
      {entries.length > 0 && (
        <div className={styles.below}>
          <Rows entries={entries} />
        </div>
      )}
      <div className={styles.foot}>
        <span />
        {!isWorld(draft.place) && draft.packagePath !== '' && (
          <Button
            title="To put it back where its address says, should the host lose it"
            onClick={() =>
              act(async (actions) =>
                offerFile(await actions.packageFile(draft.id), `${draft.weightsChecksum}.enc`),
              )
            }
          >
            Save encrypted file
          </Button>
        )}
        {(state === 'packaged' || state === 'inactive' || state === 'replaced') && (
          <ConfirmButton
            label="Delete"
            variant="subtle"
            color="red"
            question={`Delete the package of ${draft.name}?`}
            confirmLabel="Delete this package"
            onConfirm={() => act((actions) => actions.deleteDraft(draft.id))}
          >
            {draft.purpose === 'embedding'
              ? 'Its embedding is removed from this device; the model keeps what it has.'
              : 'Its key, embedding and encrypted file are removed from this device. The run and its checkpoints stay.'}
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
