import { expect, test } from 'vitest'
import type { StrategyCall } from '../../../worker/strategy-protocol.ts'
import { createArchiveStore } from '../../archive-store.ts'
import { createNetworkStore } from '../../network-store.ts'
import { createPublishStore } from '../../publish-store.ts'
import { createRunsStore } from '../../runs-store.ts'
import { createStrategyStore, type GapView } from '../../strategy-store.ts'
import type { StudioParts } from '../../studio-parts.ts'
import { createWalletStore } from '../../wallet-store.ts'
import { forecastActions, forecastTools } from './forecast-actions.ts'
import { weightsResolver } from './resolve-weights.ts'
import { createStrategyDesk } from './strategy-desk.ts'

const model = (id: string, checksum: number, owner = 'them') => ({
  id,
  owner,
  state: 'active',
  stake: 1n,
  embedding: Float32Array.of(1, checksum),
  manifest: { checksum: Uint8Array.of(checksum) },
})

/** A gap analysis of a, b and c when their weights were 1, 2 and 3. */
const gaps = {
  digests: { a: '01', b: '02', c: '03' },
  targets: [{ targetId: 't', embedding: Float32Array.of(1, 0) }],
  scores: ['a', 'b', 'c'].map((modelId) => ({ modelId, targetId: 't', loss: 1 })),
} as unknown as GapView

async function forecast(models: readonly unknown[], modelId: string) {
  const stores = {
    archive: createArchiveStore(),
    network: createNetworkStore(),
    publish: createPublishStore(),
    runs: createRunsStore(),
    strategy: createStrategyStore(),
    wallet: createWalletStore(),
  } as unknown as StudioParts['stores']
  stores.wallet.setState({ address: 'me' })
  stores.network.setState({ system: { models, parameters: {} } as never })
  stores.strategy.setState({ gaps })
  let asked: Extract<StrategyCall, { kind: 'forecastRouting' }> | undefined
  const trainer = {
    onEvent: () => () => {},
    call: async (call: StrategyCall) => {
      if (call.kind !== 'forecastRouting') return null
      asked = call
      return call.scenarios.map((one) => ({
        ...one,
        share: 0.5,
        low: 0.4,
        high: 0.6,
        near: null,
        wins: null,
      }))
    },
  }
  const parts = { stores, trainer, now: () => 0 } as unknown as StudioParts
  const record = { record: async () => {} }
  const tools = forecastTools(parts)
  const actions = forecastActions(parts, createStrategyDesk(parts), weightsResolver(parts), tools, record)
  const mine = { kind: 'model', modelId, label: 'A' } as const
  await actions.forecast({ mine, place: null, stake: 5n, toward: null, targets: 10 })
  const { errors, forecast: view } = stores.strategy.getState()
  expect(errors).toEqual({})
  return { asked: asked!, view: view! }
}

test('a model does not compete with itself or with my own ones, and is scored with the weights that it has', async () => {
  const { asked, view } = await forecast(
    [model('a', 1), model('b', 2), model('c', 9), model('d', 4, 'me')],
    'a',
  )
  expect(asked.others.map(({ id }) => id)).toEqual(['b', 'c'])
  // c has other weights since.
  expect(asked.scored).toMatchObject({ mineId: 'a', data: [{ losses: { a: 1, b: 1 } }] })
  expect(asked.scored!.data[0]!.losses).not.toHaveProperty('c')
  expect(view).toMatchObject({ modelId: 'a', others: 2, scoresAreOld: false })

  const later = await forecast([model('a', 8), model('b', 2)], 'a')
  expect(later.asked.scored).toBeNull()
  expect(later.view.scoresAreOld).toBe(true)
})
