import { Button } from '@mantine/core'
import { formatCount } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { formatSoma } from '../../lib/soma-amount.ts'
import type { Rival } from '../../stores/rivals.ts'
import type { StartChoice } from '../../stores/setup-store.ts'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import ui from '../../ui/ui.module.css'
import { whyNotDownloadable } from '../model-standing/index.ts'
import { offerFile } from '../offer-file.ts'
import { shortSoma } from '../short-soma.ts'
import { useAct, useStudio } from '../studio-context.tsx'
import styles from './strategies.module.css'
import { useWhyNotHeldOut } from './use-rivals.ts'

export function RivalTable({ rivals, whyNotSave }: { rivals: readonly Rival[]; whyNotSave: string | null }) {
  const whyNotHeldOut = useWhyNotHeldOut()
  return (
    <ScrollTable label="Models by what their weights are worth" stacks>
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col" className={ui.number} title="Filled targets known here that name it as winner">
            Wins
          </th>
          <th
            scope="col"
            className={ui.number}
            title="The contract’s loss; below it nats per real byte, PAD left out. Lower is better."
          >
            Contract loss on your data
          </th>
          <th scope="col" className={ui.number}>
            Stake, SOMA
          </th>
          <th scope="col" className={ui.number} title="1 − cosine between its embedding and yours">
            Distance to you
          </th>
          <th scope="col">Weights</th>
        </tr>
      </thead>
      <tbody data-testid="rivals">
        {rivals.map((rival) => {
          const { id, wins, score, stake, distance, isMine } = rival
          const seen = score && whyNotHeldOut(rival)
          return (
            <tr key={id} data-model={id} data-own={isMine ? '' : undefined} data-loss={score?.loss ?? ''}>
              <td>
                <Named rival={rival} />
              </td>
              <td className={ui.number} data-label="Wins">
                {wins === null ? '–' : formatCount(wins)}
              </td>
              <td className={ui.number} data-label="Contract loss on your data">
                {score?.loss.toFixed(4) ?? '–'}
                {score && <Sub>{score.crossEntropyPerByte.toFixed(3)} nats/byte</Sub>}
                {seen && <Sub>{seen}</Sub>}
              </td>
              <td
                className={ui.number}
                data-label="Stake, SOMA"
                title={stake === null ? undefined : `${formatSoma(stake)} SOMA`}
              >
                {stake === null ? '–' : shortSoma(stake)}
              </td>
              <td className={ui.number} data-label="Distance to you">
                {distance?.toFixed(4) ?? '–'}
              </td>
              <td>
                <Uses rival={rival} whyNotSave={whyNotSave} />
              </td>
            </tr>
          )
        })}
      </tbody>
    </ScrollTable>
  )
}

function Named({ rival: { name, of, isMine } }: { rival: Rival }) {
  if ('run' in of) {
    const { stepsDone, merge } = of.run
    return (
      <>
        <b>{name}</b>
        <Sub>
          your {merge ? 'blend' : 'run'}, step {formatCount(stepsDone)}
        </Sub>
      </>
    )
  }
  return (
    <>
      <b>{name}</b> <Code title={of.model.id}>{compactAddress(of.model.id)}</Code>
      {isMine && <Sub>yours, published</Sub>}
    </>
  )
}

function Uses({ rival: { name, of }, whyNotSave }: { rival: Rival; whyNotSave: string | null }) {
  const act = useAct()
  const { actions, stores } = useStudio()
  const why = 'model' in of ? whyNotDownloadable(of.model) : null
  if (why) return <Sub>{why}</Sub>
  const start: StartChoice =
    'run' in of
      ? { kind: 'run', runId: of.run.id, label: name }
      : { kind: 'competitor', modelId: of.model.id, label: name }
  const save = async (modelId: string) => {
    const saved = await actions.saveRival(modelId)
    if (saved) offerFile(saved.data, saved.name)
  }
  return (
    <div className={styles.inline}>
      <Button
        size="xs"
        onClick={() => {
          act((all) => all.chooseStart(start))
          stores.view.setState({ screen: 'train' })
        }}
      >
        Start from it
      </Button>
      {'model' in of && (
        <Button
          size="xs"
          disabled={whyNotSave !== null}
          title={whyNotSave ?? undefined}
          onClick={() => act(() => save(of.model.id))}
        >
          Save the file
        </Button>
      )}
    </div>
  )
}
