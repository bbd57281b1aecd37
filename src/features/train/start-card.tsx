import { Button, FileButton, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import type { ModelView } from '../../chain/model-view.ts'
import { formatCount, formatPlural } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { competingRecipe } from '../../train/recipe.ts'
import { Card } from '../../ui/card.tsx'
import { LinkButton, Sub } from '../../ui/text.tsx'
import { byWins, countWins, whyNotDownloadable } from '../model-standing/index.ts'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import { useKnownTargets } from '../use-known-targets.ts'

/** Where the next run's weights come from. */
export function StartCard({ disabled }: { disabled: boolean }) {
  const act = useAct()
  const { stores } = useStudio()
  const start = useStudioState('setup', (state) => state.start)
  const models = useStudioState('network', (state) => state.system?.models)
  const targets = useKnownTargets()
  const competitors = useStudioState('network', (state) => state.competitors)
  const config = useStudioState('setup', (state) => state.recipe.config)
  const drafts = useStudioState('publish', (state) => state.drafts)
  const allRuns = useStudioState('runs', (state) => state.runs)
  const runs = allRuns.filter(({ recipe, checkpoint }) => checkpoint && recipe.config === config)
  const [asksFile, setAsksFile] = useState(false)
  const wins = countWins(targets)
  const trainedOn = start.kind === 'competitor' && competitors.find(({ id }) => id === start.modelId)?.corpus

  const value = asksFile
    ? 'file'
    : start.kind === 'competitor'
      ? `model:${start.modelId}`
      : start.kind === 'run'
        ? `run:${start.runId}`
        : start.kind
  const choose = (next: string) => {
    setAsksFile(next === 'file' && start.kind !== 'file')
    if (next === 'scratch') act((actions) => actions.chooseStart({ kind: 'scratch' }))
    const chosenRun = runs.find(({ id }) => next === `run:${id}`)
    if (chosenRun) {
      const { id: runId, name: label } = chosenRun
      act((actions) => actions.chooseStart({ kind: 'run', runId, label }))
    }
    if (!next.startsWith('model:')) return
    const modelId = next.slice('model:'.length)
    const label =
      competitors.find(({ id }) => id === modelId)?.name ??
      drafts.find((draft) => draft.modelId === modelId)?.name ??
      compactAddress(modelId)
    act((actions) => actions.chooseStart({ kind: 'competitor', modelId, label }))
  }
  const optionLabel = (model: ModelView) => {
    const why = whyNotDownloadable(model)
    const won = formatPlural(wins.get(model.id) ?? 0, 'win')
    const own = drafts.find(({ modelId }) => modelId === model.id)
    const name = competitors.find(({ id }) => id === model.id)?.name ?? (own && `${own.name}, yours`)
    return [name, compactAddress(model.id), model.state, why ?? won].filter(Boolean).join(', ')
  }

  return (
    <Card title="Start from">
      <NativeSelect
        data-testid="start-select"
        aria-label="Start from"
        value={value}
        disabled={disabled}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value="scratch">Scratch, random weights from the seed</option>
        {models && models.length > 0 && (
          <optgroup label="A model of this network">
            {byWins(models, wins).map((model) => (
              <option key={model.id} value={`model:${model.id}`} disabled={!model.downloadable}>
                {optionLabel(model)}
              </option>
            ))}
          </optgroup>
        )}
        {runs.length > 0 && (
          <optgroup label="A run of this device">
            {runs.map((run) => (
              <option key={run.id} value={`run:${run.id}`}>
                {run.name}, step {run.stepsDone}
              </option>
            ))}
          </optgroup>
        )}
        <option value="file">A safetensors file</option>
      </NativeSelect>
      {(asksFile || start.kind === 'file') && (
        <div style={{ display: 'flex', gap: 10, alignItems: 'center', marginTop: 8 }}>
          <FileButton
            accept=".safetensors"
            onChange={(file) => {
              if (!file) return
              setAsksFile(false)
              act((actions) => actions.chooseStart({ kind: 'file', label: file.name, file }))
            }}
          >
            {(button) => (
              <Button {...button} size="xs" disabled={disabled}>
                {start.kind === 'file' ? 'Choose another' : 'Choose a file'}
              </Button>
            )}
          </FileButton>
          <Sub>
            {start.kind === 'file' ? start.label : 'F32, F16, BF16 or F64, with the tensors of the config.'}
          </Sub>
        </div>
      )}
      {start.kind === 'competitor' && !asksFile && (
        <div style={{ marginTop: 6 }}>
          <Sub>
            {trainedOn && `Trained on ${trainedOn}. `}
            Its weights are fetched when you train: size and checksum verified, then decrypted here.
          </Sub>
        </div>
      )}
      {start.kind !== 'scratch' && <FineTuneNote />}
      {models && models.length > 0 && (
        <LinkButton
          onClick={() => {
            stores.strategy.setState({ tab: 'rivals' })
            stores.view.setState({ screen: 'strategies' })
          }}
        >
          Compare the competitors by wins, loss on your data, stake and distance
        </LinkButton>
      )}
      <TeacherNote />
    </Card>
  )
}

/** What of the recipe is there because the weights are trained already. */
function FineTuneNote() {
  const { config, learningRate, warmupSteps, sequence } = useStudioState('setup', (state) => state.recipe)
  const usual = competingRecipe(config, true)
  const words = [
    learningRate === usual.learningRate &&
      `learning rate ${learningRate} after ${warmupSteps} steps of warm-up`,
    sequence === usual.sequence && `windows of ${formatCount(sequence)}, the length that is scored`,
  ].filter(Boolean)
  if (words.length === 0) return null
  return <Sub testId="fine-tune-note">For trained weights: {words.join('; ')}.</Sub>
}

/** That the next run learns from teachers too, and the way out of it. */
function TeacherNote() {
  const { setup } = useStudio().stores
  const distillation = useStudioState('setup', (state) => state.distillation)
  if (!distillation) return null
  return (
    <div style={{ marginTop: 6 }} data-testid="teacher-note">
      <Sub>
        Learns from {distillation.teachers.map(({ weights }) => weights.label).join(', ')} too, alpha{' '}
        {distillation.alpha}.
      </Sub>
      <LinkButton onClick={() => setup.setState({ distillation: null })}>Without teachers</LinkButton>
    </div>
  )
}
