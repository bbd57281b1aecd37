import { Button, SegmentedControl, Switch } from '@mantine/core'
import { formatPlural } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import type { NetworkState } from '../../stores/network-store.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Sub } from '../../ui/text.tsx'
import { offerFile } from '../offer-file.ts'
import { useAct } from '../studio-context.tsx'
import { ImportWorld } from './import-world.tsx'
import styles from './network.module.css'

type Clock = NonNullable<NetworkState['clock']>

const speeds: readonly { value: Clock['speed']; label: string }[] = [
  { value: 'click', label: 'By click' },
  { value: 'minute', label: 'A minute' },
  { value: 'day', label: 'A day' },
]

/** How time passes in a practice world, who else acts in it, and the world as a file. */
export function WorldControls({ network }: { network: NetworkState }) {
  const act = useAct()
  const { clock, world } = network
  if (clock === null) return null
  return (
    <div className={styles.controls} data-testid="world-controls">
      <div className={styles.controlRow}>
        <span id="epoch-length">An epoch lasts</span>
        <SegmentedControl
          size="xs"
          aria-labelledby="epoch-length"
          data-testid="epoch-speed"
          value={clock.speed}
          data={[...speeds]}
          onChange={(value) => act((actions) => actions.setSpeed(value as Clock['speed']))}
        />
      </div>
      <Switch
        size="sm"
        data-testid="players-switch"
        label="Competitors and submitters act in each epoch"
        checked={clock.players}
        onChange={(event) => {
          const { checked } = event.currentTarget
          act((actions) => actions.setPlayers(checked))
        }}
      />
      <Sub testId="played">{playedWords(network)}</Sub>
      <div className={styles.controlRow}>
        <Button
          size="xs"
          data-testid="export-world"
          title="State, weights and data of this world, to be imported here or on another machine"
          onClick={() =>
            act(async (actions) => offerFile(await actions.exportWorld(), `${world}-world.json`))
          }
        >
          Export world
        </Button>
        <ImportWorld world={world} />
        <ConfirmButton
          size="xs"
          label="Reset world"
          testId="reset-world"
          confirmTestId="reset-world-confirm"
          variant="subtle"
          color="red"
          question={`Reset the ${world} world?`}
          confirmLabel="Reset this world"
          onConfirm={() => act((actions) => actions.resetWorld())}
        >
          Epochs, balances and models of this world go back to its first day, and the models that you
          published in it are gone. Your runs and checkpoints stay.
        </ConfirmButton>
      </div>
    </div>
  )
}

/** What happened in the last epoch that was played. */
function playedWords({ clock, played, competitors }: NetworkState): string {
  if (!clock?.players) return 'Only you act here.'
  if (played === null)
    return 'They act when an epoch begins; each submission is scored with the models’ weights.'
  const { epoch, submissions, wins, claims, trouble } = played
  if (submissions === 0 && trouble !== '') return trouble
  const name = (id: string) => competitors.find((model) => model.id === id)?.name ?? compactAddress(id)
  const won = wins.map(({ modelId, count }) => `${name(modelId)} ${count}`).join(', ')
  const claimed = claims > 0 ? ` ${formatPlural(claims, 'old target')} claimed.` : ''
  const filled = `Epoch ${epoch}: ${formatPlural(submissions, 'target')} filled${won && ` (${won})`}.`
  return `${filled}${claimed} ${trouble}`.trim()
}
