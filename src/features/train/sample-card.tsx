import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { formatCount } from '../../lib/format-count.ts'
import { visibleText } from '../../ui/byte-text.ts'
import { Card } from '../../ui/card.tsx'
import { Sub } from '../../ui/text.tsx'
import ui from '../../ui/ui.module.css'
import { useAct, useStudioState } from '../studio-context.tsx'
import styles from './train.module.css'

/** What the model writes after the prompt. */
export function SampleCard() {
  const act = useAct()
  const sample = useStudioState('run', (state) => state.sample)
  const hasRun = useStudioState('run', (state) => state.runId !== null && state.phase !== 'failed')
  const [prompt, setPrompt] = useState('The ')
  const [writing, setWriting] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setWriting(true)
    act((actions) => actions.sample(prompt).finally(() => setWriting(false)))
  }
  return (
    <Card title={sample ? `Sample at step ${formatCount(sample.step)}` : 'Sample'}>
      <div className={styles.sample} data-testid="sample-text">
        {sample ? (
          <p className={ui.mono}>
            <em>{visibleText(sample.prompt)}</em>
            {visibleText(sample.text)}
          </p>
        ) : (
          <Sub>The model’s own text appears here while it learns.</Sub>
        )}
      </div>
      <form className={styles.prompt} onSubmit={submit}>
        <TextInput
          aria-label="Prompt"
          placeholder="Prompt"
          value={prompt}
          onChange={(event) => setPrompt(event.currentTarget.value)}
        />
        <Button type="submit" disabled={!hasRun} loading={writing} data-testid="sample-button">
          Write
        </Button>
      </form>
    </Card>
  )
}
