import { Button, FileInput, Modal, NativeSelect } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { ModelView } from '../../chain/model-view.ts'
import { formatCount } from '../../lib/format-count.ts'
import { type SerialisedError, StudioError } from '../../lib/studio-error.ts'
import { modelConfigs } from '../../model/model-config.ts'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Sub } from '../../ui/text.tsx'
import { showError, useStudio, useStudioState } from '../studio-context.tsx'
import styles from './holdings.module.css'
import { readEmbedding } from './read-embedding.ts'

const WON = 'won'
const FILE = 'file'

/** Asks with what an active model is updated, then leads to the review of its commit. */
export function UpdateButton(props: { model: ModelView; label: string; disabled: boolean }) {
  const { model, label, disabled } = props
  const { actions, stores } = useStudio()
  const runs = useStudioState('runs', (state) => state.runs)
  const dim = model.embedding?.length ?? 0
  const usable = runs.filter(
    ({ recipe, checkpoint }) => checkpoint && modelConfigs[recipe.config].dim === dim,
  )
  const [open, setOpen] = useState(false)
  const [source, setSource] = useState<string | null>(null)
  const [file, setFile] = useState<File | null>(null)
  const [fault, setFault] = useState<SerialisedError | null>(null)
  const chosen = source ?? usable[0]?.id ?? WON

  const goOn = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setFault(null)
    if (chosen === WON) {
      stores.strategy.setState({ tab: 'update' })
      return stores.view.setState({ screen: 'strategies' })
    }
    try {
      if (chosen !== FILE) {
        setOpen(false)
        return await actions.updateModel(model.id, chosen)
      }
      if (!file) return
      const embedding = await readEmbedding(file, dim)
      setOpen(false)
      await actions.updateEmbedding(model.id, embedding, `from the file ${file.name}`)
    } catch (thrown) {
      if (chosen === FILE) setFault(StudioError.from(thrown).serialise())
      else showError(thrown)
    }
  }

  return (
    <>
      <Button size="xs" disabled={disabled} data-testid="update-model" onClick={() => setOpen(true)}>
        Update
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={`Update ${label}`}
        transitionProps={{ duration: 0 }}
      >
        <form onSubmit={goOn} className={styles.form}>
          <Sub>
            An update is committed now and revealed in the next epoch; until then the model competes with what
            it has. A missed reveal drops the update and costs nothing of the stake.
            {model.pendingUpdate && ' One is committed already; another commit takes its place.'}
          </Sub>
          <NativeSelect
            label="With"
            value={chosen}
            onChange={(event) => setSource(event.currentTarget.value)}
            data-testid="update-source"
            data={[
              ...(usable.length === 0
                ? []
                : [
                    {
                      group: 'Weights and embedding',
                      items: usable.map(({ id, name, checkpoint }) => ({
                        value: id,
                        label: `Run ${name}, step ${formatCount(checkpoint?.step ?? 0)}`,
                      })),
                    },
                  ]),
              {
                group: 'The embedding alone',
                items: [
                  { value: WON, label: 'Recomputed on the data it has won' },
                  { value: FILE, label: 'From a file' },
                ],
              },
            ]}
          />
          {usable.length === 0 && (
            <Sub>No run on this device has a checkpoint of {formatCount(dim)} dimensions.</Sub>
          )}
          {chosen === FILE && (
            <FileInput
              label="File"
              description={`JSON: ${formatCount(dim)} numbers, or an object with them as its embedding`}
              placeholder="Choose a file"
              value={file}
              onChange={setFile}
              data-testid="update-file"
              withAsterisk={false}
              required
            />
          )}
          {fault && <ErrorNotice error={fault} testId="update-fault" />}
          <div className={styles.buttons}>
            <Button type="submit" variant="filled" data-testid="update-go">
              {chosen === WON ? 'Go to embedding update' : 'Prepare the commit'}
            </Button>
            <Button onClick={() => setOpen(false)}>Cancel</Button>
          </div>
        </form>
      </Modal>
    </>
  )
}
