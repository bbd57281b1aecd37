import type { ModelView } from '../../chain/model-view.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { formatSoma } from '../../lib/soma-amount.ts'
import { AskButton } from '../../ui/ask-button.tsx'
import { Card } from '../../ui/card.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { Tag } from '../../ui/pill.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import { formatBasisPoints, stateTones } from '../model-standing/index.ts'
import { useAct, useStudioState } from '../studio-context.tsx'
import styles from './holdings.module.css'
import { RevealStanding } from './reveal-standing.tsx'
import { StakeButton } from './stake-button.tsx'
import { UpdateButton } from './update-button.tsx'
import { useWhyNotAct } from './why-not-act.ts'

/** The models of the account in use, and what can be done with them. */
export function YourModelsCard() {
  const address = useStudioState('wallet', (state) => state.address)
  const models = useStudioState('network', (state) => state.system?.models)
  const names = useStudioState('publish', (state) => state.drafts)
  const why = useWhyNotAct()
  const own = (models ?? []).filter(({ owner }) => owner === address)
  if (own.length === 0) return null
  return (
    <Card title="Your models">
      {why && <Sub>{why}</Sub>}
      <ul className={styles.list}>
        {own.map((model) => (
          <OwnModel
            key={model.id}
            model={model}
            name={names.find(({ modelId }) => modelId === model.id)?.name}
            disabled={why !== null}
          />
        ))}
      </ul>
    </Card>
  )
}

function OwnModel(props: { model: ModelView; name: string | undefined; disabled: boolean }) {
  const { model, name, disabled } = props
  const act = useAct()
  const { id, state, stake, commissionRate, nextCommissionRate } = model
  const label = name ?? compactAddress(id)
  return (
    <li className={styles.item} data-own-model={id}>
      <div className={styles.text}>
        <b>{name}</b> <Code title={id}>{compactAddress(id)}</Code> <Tag tone={stateTones[state]}>{state}</Tag>
        <Sub>
          Stake {formatSoma(stake)} SOMA, commission {formatBasisPoints(commissionRate)}
          {nextCommissionRate !== commissionRate &&
            `, ${formatBasisPoints(nextCommissionRate)} from the next epoch on`}
          .
        </Sub>
        <RevealStanding model={model} />
        {whyLess[state] && <Sub>{whyLess[state]}</Sub>}
      </div>
      {state !== 'inactive' && (
        <div className={styles.buttons}>
          <StakeButton model={model} disabled={disabled} />
          {state === 'active' && (
            <>
              <UpdateButton model={model} label={label} disabled={disabled} />
              <AskButton
                size="xs"
                disabled={disabled}
                label="Commission"
                testId="commission"
                question={`Commission of ${label}`}
                fieldLabel="Commission in percent"
                description="Holds from the next epoch on. No effect of it was found in the network’s code."
                placeholder="10"
                confirmLabel="Review"
                onAnswer={(text) => act((actions) => actions.setCommission(id, text))}
              />
              <ConfirmButton
                size="xs"
                disabled={disabled}
                label="Deactivate"
                testId="deactivate"
                confirmTestId="deactivate-review"
                question={`Deactivate ${label}?`}
                confirmLabel="Review"
                onConfirm={() => act((actions) => actions.deactivateModel(id))}
              >
                It gets no more targets, at once and for good. Its stake can be withdrawn on the Wallet
                screen, and what its targets have won can still be claimed.
              </ConfirmButton>
            </>
          )}
        </div>
      )}
    </li>
  )
}

/** What cannot be done in a state, and why. */
const whyLess: Readonly<Record<ModelView['state'], string | null>> = {
  created: 'Commission and deactivation need an active model; this one waits for its commit.',
  pending: 'Commission and deactivation need an active model.',
  active: null,
  inactive:
    'Inactive for good: nothing can be staked or changed. What is left of its stake is on the Wallet screen.',
}
