import type { SystemStateView } from '../../chain/system-state-view.ts'
import { formatCount } from '../../lib/format-count.ts'
import { formatSoma } from '../../lib/soma-amount.ts'
import { configForDimension } from '../../model/model-config.ts'
import { Card } from '../../ui/card.tsx'
import { Rows } from '../../ui/rows.tsx'
import { formatBasisPoints } from '../model-standing/index.ts'

/** The parameters that a competitor needs, in words. */
export function RulesCard({ system }: { system: SystemStateView }) {
  const { parameters, targetState } = system
  const config = configForDimension(Number(parameters.targetEmbeddingDim))?.name ?? 'no config of ours'
  return (
    <Card title="Rules of this network">
      <Rows
        entries={[
          {
            label: 'Embedding',
            value: `${formatCount(parameters.targetEmbeddingDim)} numbers (${config})`,
            source: 'parameters.target_embedding_dim',
          },
          {
            label: 'Least stake of a model',
            value: `${formatSoma(parameters.modelMinStake)} SOMA`,
            source: 'parameters.model_min_stake',
          },
          {
            label: 'Lost if a commit or reveal is missed',
            value: `${formatBasisPoints(parameters.modelRevealSlashRateBps)} of the stake`,
            source: 'parameters.model_reveal_slash_rate_bps',
          },
          {
            label: 'Models asked for each target',
            value: formatCount(parameters.targetModelsPerTarget),
            source: 'parameters.target_models_per_target',
          },
          {
            label: 'Distance to hit',
            value: `at most ${targetState.distanceThreshold.toFixed(4)}`,
            source: 'target_state.distance_threshold: one value for all targets of the epoch',
          },
          {
            label: 'Reward of a new target',
            value: `${formatSoma(targetState.rewardPerTarget)} SOMA`,
            source: 'target_state.reward_per_target: one value for all targets of the epoch',
          },
          {
            label: 'Staked on active models',
            value: `${formatSoma(system.totalModelStake)} SOMA`,
            source: 'model_registry.total_model_stake',
          },
        ]}
      />
    </Card>
  )
}
