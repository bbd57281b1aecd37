import { Notice } from '../../ui/notice.tsx'
import { useStudioState } from '../studio-context.tsx'
import { EpochCard } from './epoch-card.tsx'
import { ModelsTable } from './models-table.tsx'
import styles from './network.module.css'
import { RulesCard } from './rules-card.tsx'
import { TargetsTable } from './targets-table.tsx'
import { TruthsCard } from './truths-card.tsx'

/** The network that the models compete on. */
export function NetworkScreen() {
  const network = useStudioState('network', (state) => state)
  const { system, modelActionsBlocked } = network
  return (
    <div className={styles.screen}>
      {modelActionsBlocked && (
        <Notice tone="warn">
          <p>{modelActionsBlocked}</p>
        </Notice>
      )}
      <div className={styles.top}>
        <EpochCard network={network} />
        {system && <RulesCard system={system} />}
        <TruthsCard />
      </div>
      {system && <ModelsTable models={system.models} />}
      {system && <TargetsTable targets={network.targets} />}
    </div>
  )
}
