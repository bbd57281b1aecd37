import { FileButton } from '@mantine/core'
import { formatCount } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import type { ModelDraft } from '../../stores/publish-store.ts'
import { Card } from '../../ui/card.tsx'
import { Tag } from '../../ui/pill.tsx'
import { LinkButton, Sub } from '../../ui/text.tsx'
import {
  deadlineSentence,
  draftStake,
  draftState,
  purposeWords,
  stateTones,
} from '../model-standing/index.ts'
import { shortSoma } from '../short-soma.ts'
import { useAct, useStudio } from '../studio-context.tsx'
import { useDraftNetwork } from '../use-draft-network.ts'
import styles from './publish.module.css'

/** One card for each model that was packaged here. */
export function ModelList(props: {
  drafts: readonly ModelDraft[]
  selected: string | undefined
  onSelect: (id: string) => void
}) {
  const { view } = useStudio().stores
  const act = useAct()
  const take = (file: File | null) => {
    if (file) act((actions) => actions.importBundle(file))
  }
  return (
    <Card
      title="Your models"
      action={<LinkButton onClick={() => view.setState({ screen: 'train' })}>New model</LinkButton>}
    >
      {props.drafts.length === 0 && <Sub>None yet. What you commit is listed here.</Sub>}
      {props.drafts.map((draft) => (
        <ModelButton
          key={draft.id}
          draft={draft}
          selected={draft.id === props.selected}
          onSelect={props.onSelect}
        />
      ))}
      <div className={styles.below}>
        <FileButton accept="application/json" onChange={take} inputProps={{ 'aria-label': 'Reveal bundle' }}>
          {(button) => (
            <LinkButton title="A model that was committed on another device, to reveal it here" {...button}>
              Import a reveal bundle
            </LinkButton>
          )}
        </FileButton>
      </div>
    </Card>
  )
}

function ModelButton(props: { draft: ModelDraft; selected: boolean; onSelect: (id: string) => void }) {
  const { draft } = props
  const network = useDraftNetwork()
  const state = draftState(draft, network)
  const purpose = purposeWords(draft)
  return (
    <button
      type="button"
      className={styles.model}
      aria-pressed={props.selected}
      onClick={() => props.onSelect(draft.id)}
    >
      <span className={styles.modelHead}>
        <b>{draft.name}</b>
        <Tag tone={stateTones[state]} testId="draft-state">
          {state}
        </Tag>
      </span>
      {purpose && <Sub>{purpose}</Sub>}
      <Sub>
        {draft.modelId && (draft.createDigest || purpose) ? `${compactAddress(draft.modelId)}, ` : ''}
        stake {shortSoma(draftStake(draft, network))} SOMA
      </Sub>
      <Sub>
        Step {formatCount(draft.step)}
        {draft.validationLoss !== null && `, validation ${draft.validationLoss.toFixed(4)}`}
        {draft.place !== network.place && `, in ${draft.placeName}`}
      </Sub>
      <Sub>{deadlineSentence(draft, network)}</Sub>
    </button>
  )
}
