import { Button, FileButton, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { whyNoRecipe } from '../../stores/actions/strategies/ran-recipe.ts'
import type { AppliedRecipe } from '../../stores/strategy-store.ts'
import { shippedRecipes } from '../../strategies/recipes/shipped-recipes.ts'
import type { StrategyRecipe } from '../../strategies/recipes/strategy-recipe.ts'
import { Card } from '../../ui/card.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Sub } from '../../ui/text.tsx'
import { WorkProgress } from '../../ui/work-progress.tsx'
import { offerFile } from '../offer-file.ts'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import { Notes } from './notes.tsx'
import styles from './strategies.module.css'
import { StrategyStatus, useWhyNot, WhyNot } from './strategy-status.tsx'

/** Whole strategies as files: five that ship, and the imported ones. */
export function RecipesTab() {
  const act = useAct()
  const { actions } = useStudio()
  const imported = useStudioState('strategy', (state) => state.recipes)
  const applied = useStudioState('strategy', (state) => state.applied)
  const whyNot = useWhyNot()
  const save = (recipe: StrategyRecipe) =>
    offerFile(actions.recipeFile(recipe), `${recipe.name.toLowerCase().replaceAll(/\W+/g, '-')}.json`)
  return (
    <div className={styles.column}>
      <Status applied={applied} />
      {applied?.stage !== 'working' && <WhyNot why={whyNot} />}
      <div className={styles.cards}>
        {Object.values(shippedRecipes).map((recipe) => (
          <RecipeCard key={recipe.name} recipe={recipe} whyNot={whyNot} onExport={() => save(recipe)} />
        ))}
        {imported.map((recipe) => (
          <RecipeCard
            key={recipe.name}
            recipe={recipe}
            whyNot={whyNot}
            onExport={() => save(recipe)}
            forget
          />
        ))}
      </div>
      <Card title="Recipes as files">
        <div className={styles.fields} style={{ maxWidth: 520 }}>
          <div className={styles.buttons}>
            <FileButton
              accept="application/json,.json"
              onChange={(file) => file && act((all) => all.importRecipe(file))}
            >
              {(button) => <Button {...button}>Import a recipe</Button>}
            </FileButton>
            <Button
              data-testid="export-setup"
              onClick={() => act((all) => save(all.recipeOfSetup('My setup')))}
            >
              Export the Train screen’s setup
            </Button>
          </div>
          <ExportRun onSave={save} />
        </div>
      </Card>
    </div>
  )
}

/** A run as the recipe that makes it again. */
function ExportRun({ onSave }: { onSave: (recipe: StrategyRecipe) => void }) {
  const act = useAct()
  const runs = useStudioState('runs', (state) => state.runs)
  const [picked, setPicked] = useState('')
  const run = runs.find(({ id }) => id === picked) ?? runs[0]
  const whyNot = run ? whyNoRecipe(run) : null
  if (!run) return <Sub>A run can be exported once there is one.</Sub>
  return (
    <>
      <NativeSelect
        label="A run as a recipe"
        description="Every number and seed, digests of first weights and data, and what came of it"
        data-testid="recipe-run"
        value={run.id}
        onChange={(event) => setPicked(event.currentTarget.value)}
        data={runs.map(({ id, name, startFrom }) => ({ value: id, label: `${name}, from ${startFrom}` }))}
      />
      <div className={styles.buttons}>
        <Button
          data-testid="export-run"
          disabled={whyNot !== null}
          title={whyNot ?? undefined}
          onClick={() => act(async (all) => onSave(await all.recipeOfRun(run.id)))}
        >
          Export what ran
        </Button>
      </div>
      {whyNot && <Sub testId="why-no-recipe">{whyNot}</Sub>}
    </>
  )
}

/** How far the recipe is: its own work, or that of a strategy that it goes on with. */
function Status({ applied }: { applied: AppliedRecipe | null }) {
  const act = useAct()
  const { view, strategy } = useStudio().stores
  const job = useStudioState('strategy', (state) => state.job)
  const blocked = useStudioState('network', (state) => state.modelActionsBlocked)
  if (!applied) return <StrategyStatus tab="recipes" />
  const { stage, runId } = applied
  if (stage === 'working' && job && job.tab !== 'recipes') {
    return (
      <div data-testid="strategy-progress">
        <WorkProgress work={job.work} onCancel={() => act((actions) => actions.cancelStrategy())} />
      </div>
    )
  }
  const openTrain = (
    <Button size="xs" onClick={() => view.setState({ screen: 'train' })}>
      Open Train
    </Button>
  )
  const actions =
    stage === 'merged' && runId ? (
      <div className={styles.buttons}>
        <Button size="xs" onClick={() => strategy.setState({ tab: 'blend' })}>
          Show the blend
        </Button>
        <Button
          size="xs"
          variant="filled"
          disabled={blocked !== null}
          title={blocked ?? undefined}
          onClick={() => act((all) => all.commit(runId))}
        >
          Commit
        </Button>
      </div>
    ) : stage === 'ready' || stage === 'training' ? (
      openTrain
    ) : undefined
  return (
    <>
      <StrategyStatus tab="recipes" kept="Nothing was trained; checkpoints and data are as they were." />
      {stage !== 'failed' && (
        <Notice tone="quiet" role="status" testId="recipe-applied" {...(actions ? { actions } : {})}>
          <p data-stage={stage}>{words[stage](applied.name)}</p>
          <Notes notes={[...applied.found, ...applied.notes]} />
        </Notice>
      )}
    </>
  )
}

const words: Readonly<Record<AppliedRecipe['stage'], (name: string) => string>> = {
  working: (name) => `${name} is at work.`,
  ready: (name) => `${name} is set up on the Train screen.`,
  training: (name) => `${name} trains. Its run is on the Train screen.`,
  merged: (name) => `${name} has made a run.`,
  failed: (name) => `${name} did not run.`,
}

function RecipeCard(props: {
  recipe: StrategyRecipe
  whyNot: string | null
  onExport: () => void
  forget?: boolean
}) {
  const act = useAct()
  const { recipe, whyNot } = props
  return (
    <Card title={recipe.name}>
      <div className={styles.results}>
        <Sub>{recipe.description}</Sub>
        {recipe.ran && (
          <Sub title={`Digest of the data: ${recipe.ran.data.digest}`}>
            As {recipe.ran.run} ran on {recipe.ran.at.slice(0, 10)}
            {recipe.ran.result && `, to step ${recipe.ran.result.step}`}.
          </Sub>
        )}
        <div className={styles.buttons}>
          <Button
            size="xs"
            variant="filled"
            aria-label={`Run ${recipe.name}`}
            disabled={whyNot !== null}
            title={whyNot ?? undefined}
            onClick={() => act((actions) => actions.runRecipe(recipe))}
          >
            Run
          </Button>
          {recipe.training && (
            <Button
              size="xs"
              aria-label={`Set up ${recipe.name}`}
              disabled={whyNot !== null}
              title={whyNot ?? 'Up to the click on Train'}
              onClick={() => act((actions) => actions.runRecipe(recipe, false))}
            >
              Set up
            </Button>
          )}
          <Button size="xs" aria-label={`Export ${recipe.name}`} onClick={props.onExport}>
            Export
          </Button>
          {props.forget && (
            <Button
              size="xs"
              variant="subtle"
              aria-label={`Forget ${recipe.name}`}
              onClick={() => act((actions) => actions.forgetRecipe(recipe.name))}
            >
              Forget
            </Button>
          )}
        </div>
      </div>
    </Card>
  )
}
