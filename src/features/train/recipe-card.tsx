import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { formatCount } from '../../lib/format-count.ts'
import { type ConfigName, MAX_SEQUENCE, modelConfigs } from '../../model/model-config.ts'
import { parameterCount } from '../../model/parameter-table.ts'
import { atScoredLength, type RecipeNumber, recipeBounds } from '../../train/recipe.ts'
import { Card } from '../../ui/card.tsx'
import { LinkButton, Sub } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { type OnFault, RecipeField } from './recipe-field.tsx'
import styles from './train.module.css'

/** What fits in the field: a billion to a hundredth, less to the last one. */
function countWords(count: number): string {
  return count >= 1e9 ? `${(count / 1e9).toFixed(2)} billion` : formatCount(count)
}

const configWords = Object.values(modelConfigs).map((config) => ({
  value: config.name,
  label: `${config.name}: ${countWords(parameterCount(config))} parameters, width ${formatCount(config.dim)}`,
}))

const shown: readonly RecipeNumber[] = ['steps', 'sequence']
const hints: Partial<Record<RecipeNumber, string>> = {
  microBatch: 'windows at a time',
  accumulation: 'averaged a step',
  learningRate: 'Adam',
  warmupSteps: 'rising from 0',
  dropout: 'while training',
  seed: 'weights, order, noise',
  validateEvery: 'steps',
  validationWindows: 'at most, always the same',
  checkpointEvery: 'steps',
  sampleEvery: 'steps; 0 for none',
}

/** That windows are shorter than those that the network scores, and the way to its length. */
function ScoredLengthNote({ disabled }: { disabled: boolean }) {
  const act = useAct()
  const recipe = useStudioState('setup', (state) => state.recipe)
  if (recipe.sequence >= MAX_SEQUENCE) return null
  return (
    <div className={styles.full} data-testid="scored-length-note">
      <Sub>
        Quick to train, but the network scores windows of {formatCount(MAX_SEQUENCE)} bytes, and positions
        after {formatCount(recipe.sequence)} stay untrained.
      </Sub>
      {!disabled && (
        <LinkButton
          data-testid="scored-length"
          onClick={() => act((actions) => actions.editRecipe(atScoredLength(recipe)))}
        >
          Train at {formatCount(MAX_SEQUENCE)}
        </LinkButton>
      )}
    </div>
  )
}

/** How the next run trains. */
export function RecipeCard({ disabled, onFault }: { disabled: boolean; onFault: OnFault }) {
  const act = useAct()
  const config = useStudioState('setup', (state) => state.recipe.config)
  const [advanced, setAdvanced] = useState(false)
  const rest = (Object.keys(recipeBounds) as RecipeNumber[]).filter((field) => !shown.includes(field))
  return (
    <Card
      title="Recipe"
      action={
        <LinkButton aria-expanded={advanced} onClick={() => setAdvanced(!advanced)}>
          {advanced ? 'Less' : 'Advanced'}
        </LinkButton>
      }
    >
      <div className={styles.fields}>
        <div className={styles.full}>
          <NativeSelect
            data-testid="config-select"
            label="Config"
            value={config}
            disabled={disabled}
            onChange={(event) => {
              const next = event.currentTarget.value as ConfigName
              act((actions) => actions.chooseConfig(next))
            }}
            data={configWords}
          />
        </div>
        <RecipeField field="steps" disabled={disabled} onFault={onFault} testId="steps-input" />
        <RecipeField field="sequence" disabled={disabled} onFault={onFault} testId="sequence-input" />
        <ScoredLengthNote disabled={disabled} />
        {advanced &&
          rest.map((field) => (
            <RecipeField
              key={field}
              field={field}
              disabled={disabled}
              onFault={onFault}
              {...(hints[field] === undefined ? {} : { hint: hints[field] })}
            />
          ))}
      </div>
    </Card>
  )
}
