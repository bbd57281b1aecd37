import { Button, FileButton } from '@mantine/core'
import { shippedRecipes } from '../../strategies/recipes/shipped-recipes.ts'
import type { StrategyRecipe } from '../../strategies/recipes/strategy-recipe.ts'
import { Card } from '../../ui/card.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Sub } from '../../ui/text.tsx'
import { offerFile } from '../offer-file.ts'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import { Notes } from './notes.tsx'
import styles from './strategies.module.css'
import { StrategyStatus, useWhyNot } from './strategy-status.tsx'

/** Whole strategies as files: five that ship, and the imported ones. */
export function RecipesTab() {
  const act = useAct()
  const { actions, stores } = useStudio()
  const imported = useStudioState('strategy', (state) => state.recipes)
  const applied = useStudioState('strategy', (state) => state.applied)
  const save = (recipe: StrategyRecipe) =>
    offerFile(actions.recipeFile(recipe), `${recipe.name.toLowerCase().replaceAll(/\W+/g, '-')}.json`)
  return (
    <div className={styles.column}>
      <StrategyStatus tab="recipes" />
      {applied && (
        <Notice
          tone="quiet"
          role="status"
          testId="recipe-applied"
          actions={
            <Button size="xs" onClick={() => stores.view.setState({ screen: 'train' })}>
              Open Train
            </Button>
          }
        >
          <p>{applied.name} is set up on the Train screen.</p>
          <Notes notes={applied.notes} />
        </Notice>
      )}
      <div className={styles.buttons}>
        <FileButton
          accept="application/json,.json"
          onChange={(file) => file && act((all) => all.importRecipe(file))}
        >
          {(button) => <Button {...button}>Import a recipe</Button>}
        </FileButton>
        <Button data-testid="export-setup" onClick={() => act((all) => save(all.recipeOfSetup('My setup')))}>
          Export the Train screen’s setup
        </Button>
      </div>
      <div className={styles.cards}>
        {Object.values(shippedRecipes).map((recipe) => (
          <RecipeCard key={recipe.name} recipe={recipe} onExport={() => save(recipe)} />
        ))}
        {imported.map((recipe) => (
          <RecipeCard key={recipe.name} recipe={recipe} onExport={() => save(recipe)} forget />
        ))}
      </div>
    </div>
  )
}

function RecipeCard(props: { recipe: StrategyRecipe; onExport: () => void; forget?: boolean }) {
  const act = useAct()
  const { recipe } = props
  const whyNot = useWhyNot(false)
  return (
    <Card title={recipe.name}>
      <div className={styles.results}>
        <Sub>{recipe.description}</Sub>
        <div className={styles.buttons}>
          <Button
            size="xs"
            variant="filled"
            aria-label={`Apply ${recipe.name}`}
            disabled={whyNot !== null}
            onClick={() => act((actions) => actions.applyRecipe(recipe))}
          >
            Apply
          </Button>
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
