import { Notice } from '../../ui/notice.tsx'
import { ClaimsCard, YourModelsCard } from '../holdings/index.ts'
import { useStudioState } from '../studio-context.tsx'
import { useKnownTargets } from '../use-known-targets.ts'
import { ActivityCard } from './activity-card.tsx'
import { EpochCard } from './epoch-card.tsx'
import { ModelsTable } from './models-table.tsx'
import styles from './network.module.css'
import { NetworksCard } from './networks-card.tsx'
import { ParametersCard } from './parameters-card.tsx'
import { RulesCard } from './rules-card.tsx'
import { TargetsTable } from './targets-table.tsx'
import { TruthsCard } from './truths-card.tsx'

/** The network that the models compete on. */
export function NetworkScreen() {
  const network = useStudioState('network', (state) => state)
  const { system, modelActionsBlocked, network: shown } = network
  const asks = useStudioState('networks', (state) => state.probing === 'ask')
  const known = useKnownTargets()
  const isPractice = shown.kind === 'practice'
  return (
    <div className={styles.screen}>
      {modelActionsBlocked && (
        <Notice tone="warn">
          <p>{modelActionsBlocked}</p>
        </Notice>
      )}
      <div className={styles.top}>
        <EpochCard network={network} />
        <NetworksCard />
        {system?.hasModelRegistry && <RulesCard system={system} />}
      </div>
      {isPractice && <TruthsCard />}
      {system && <ParametersCard system={system} />}
      {system?.hasModelRegistry && <YourModelsCard />}
      {system?.hasModelRegistry && <ModelsTable models={system.models} />}
      {system?.hasModelRegistry && <TargetsTable targets={known} />}
      {system?.hasModelRegistry && <ClaimsCard targets={network.targets} system={system} />}
      {(system || !(isPractice || asks)) && <ActivityCard />}
    </div>
  )
}
