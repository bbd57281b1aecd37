import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { Card } from '../../ui/card.tsx'
import { Sub } from '../../ui/text.tsx'
import { useStudioState } from '../studio-context.tsx'
import { DraftPanel } from './draft-panel.tsx'
import { ModelList } from './model-list.tsx'
import { ProvenanceCard } from './provenance-card.tsx'
import styles from './publish.module.css'
import { RevealCard } from './reveal-card.tsx'
import { WizardPanel } from './wizard-panel.tsx'

/** From a checkpoint to an active model. */
export function PublishScreen() {
  const drafts = useStudioState('publish', (state) => state.drafts)
  const wizard = useStudioState('publish', (state) => state.wizard)
  const hasRuns = useStudioState('runs', ({ runs }) => runs.some(({ checkpoint }) => checkpoint))
  const [picked, setPicked] = useState<string | null>(null)
  const wanted = wizard?.draftId ?? picked
  const shown = `${wizard?.stage} ${wizard?.review?.act}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: each review is read from its top
  useEffect(() => {
    window.scrollTo(0, 0)
  }, [shown])
  const draft = drafts.find(({ id }) => id === wanted) ?? (wizard ? undefined : drafts[0])
  return (
    <div className={styles.screen}>
      <div className={styles.column}>
        <ModelList drafts={drafts} selected={draft?.id} onSelect={setPicked} />
      </div>
      <div className={styles.column}>
        {wizard && <WizardPanel wizard={wizard} />}
        {!wizard && draft && (
          <>
            <DraftPanel draft={draft} />
            <div className={styles.last}>
              <ProvenanceCard draft={draft} />
            </div>
          </>
        )}
        {!wizard && !draft && (
          <Card title="Publish">
            <Sub>
              A model is created with a stake, its encrypted weights are committed, and in the next epoch it
              is revealed with its key. Each of the three is shown here before you sign it.
            </Sub>
            <div className={`${styles.below} ${styles.buttons}`}>
              <Button component="a" href="#train" variant="filled">
                Train a model
              </Button>
              {hasRuns && (
                <Button component="a" href="#runs">
                  Commit a run
                </Button>
              )}
            </div>
          </Card>
        )}
      </div>
      <div className={`${styles.column} ${styles.right}`}>
        {draft && <RevealCard draft={draft} />}
        {wizard && draft && <ProvenanceCard draft={draft} />}
      </div>
    </div>
  )
}
