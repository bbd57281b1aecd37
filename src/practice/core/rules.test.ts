import { readFileSync } from 'node:fs'
import { hex } from '@scure/base'
import { describe, expect, it } from 'vitest'
import { normalArray } from '../../arrgen/normal-array.ts'
import { decodeSystemState, SystemState } from '../../chain/bcs/index.ts'
import { deriveId } from '../../chain/digests.ts'
import { advanceEpoch, nextValueFeeBps } from './advance-epoch.ts'
import { nextHitsEma, nextThreshold, rewardPerTarget } from './difficulty.ts'
import { targetSeed } from './generate-target.ts'
import { createGenesis } from './genesis.ts'
import { createRouter, votingPower } from './routing.ts'

const golden = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../../test/golden/${path}`, import.meta.url), 'utf8'))

/** Genesis of a node: 20,000 SOMA with the one validator, 680,000 in the emission pool. */
function genesis() {
  const { objects } = createGenesis({ seed: 'rules', dim: 16, timestampMs: 0n })
  return SystemState.parse(objects[0]!.contents)
}

describe('difficulty and reward', () => {
  it('averages hits in whole numbers', () => {
    expect(nextHitsEma(20n, 10n, 9000n)).toBe(19n)
    expect(nextHitsEma(20n, 0n, 9000n)).toBe(18n)
    expect(nextHitsEma(0n, 8n, 9000n)).toBe(8n)
    expect(nextHitsEma(1n, 0n, 9000n)).toBe(0n)
  })
  it('moves the threshold by z', () => {
    const rules = { aim: 86_400n, rateBps: 10_000n, min: Math.fround(0.95), max: 2 }
    expect(nextThreshold(1, { ...rules, ema: 100_000n })).toBe(Math.fround(0.956))
    // As a node reported it after one hit.
    expect(nextThreshold(Math.fround(1.05), { ...rules, ema: 1n })).toBe(Math.fround(1.0999999))
    expect(nextThreshold(Math.fround(1.05), { ...rules, ema: 0n })).toBe(Math.fround(1.05))
    expect(nextThreshold(Math.fround(0.96), { ...rules, ema: 100_000n })).toBe(rules.min)
    expect(nextThreshold(Math.fround(1.99), { ...rules, ema: 1n })).toBe(2)
  })
  it('pays the reward that a node pays', () => {
    expect(rewardPerTarget(1_370_000_000_000n, 8000n, 86_400n)).toBe(12_685_185n)
    expect(rewardPerTarget(10n ** 15n, 8000n, 100n)).toBe(8_000_000_000_000n)
  })
  it('moves the value fee both ways within its bounds', () => {
    const rules = { aim: 1_000_000_000n, rateBps: 1250n, min: 1n, max: 50n }
    expect(nextValueFeeBps(10n, 0n, rules)).toBe(9n)
    expect(nextValueFeeBps(16n, 5_000_000_000n, rules)).toBe(18n)
    expect(nextValueFeeBps(50n, 5_000_000_000n, rules)).toBe(50n)
    expect(nextValueFeeBps(40n, 1_050_000_000n, rules)).toBe(42n)
  })
})

describe('epochs of a recorded node', () => {
  const pool = (state: SystemState) => state.validators.validators[0]!.stakingPool

  it('without emission: fees only', () => {
    const state = genesis()
    advanceEpoch(state, 31_044_400n, 1n)
    expect(state.emissionPool.balance).toBe(680_000_009_313_320n)
    expect(state.validators.totalStake).toBe(20_000_021_731_080n)
    expect(pool(state)).toMatchObject({ rewardsPool: 21_296_459n, poolTokenBalance: 20_000_000_434_620n })
    expect(state.targetState.rewardPerTarget).toBe(12_685_185n)
    expect(state.parameters.valueFeeBps).toBe(9n)
    advanceEpoch(state, 3200n, 2n)
    expect(state.validators.totalStake).toBe(20_000_021_733_320n)
    expect(pool(state)).toMatchObject({ rewardsPool: 21_298_655n, poolTokenBalance: 20_000_000_434_663n })
  })

  it('with emission, after a whole epoch', () => {
    const state = genesis()
    const { epochDurationMs } = state.parameters
    advanceEpoch(state, 2_001_600n, epochDurationMs)
    expect(state.validators.totalStake).toBe(20_959_001_401_120n)
    expect(pool(state).poolTokenBalance).toBe(20_018_319_189_720n)
  })

  it('decodes and encodes the state of a node to the last byte', () => {
    const { decoded } = golden('exchanges/420-system-state-bcs.json')
    const bytes = Uint8Array.from(Buffer.from(decoded.response.object.contents, 'base64'))
    expect(hex.encode(SystemState.serialize(decodeSystemState(bytes)).toBytes())).toBe(hex.encode(bytes))
  })
})

describe('targets', () => {
  it('have the seeds and ids of the vectors', () => {
    for (const { digest, n, seed, id, embedding4 } of golden('protocol/vectors.json').derived.target_seed) {
      const bytes = hex.decode(digest)
      expect(targetSeed(bytes, n)).toBe(BigInt(seed))
      expect(deriveId(bytes, n)).toBe(`0x${id}`)
      expect([...normalArray(BigInt(seed), 4)]).toEqual(embedding4.map(Math.fround))
    }
  })

  it('weigh stake by its square root', () => {
    expect(votingPower([100n, 400n, 900n])).toEqual(Float32Array.of(1 / 6, 1 / 3, 1 / 2))
    const same = { embedding: Float32Array.of(1, 0) }
    const route = createRouter([
      { ...same, id: '0xpoor', stake: 100n },
      { ...same, id: '0xrich', stake: 1000n },
    ])
    expect(route(Float32Array.of(1, 1), 3)).toEqual(['0xrich', '0xpoor'])
  })

  it('are routed as a node routed its hundred', () => {
    const { models } = golden('exchanges/116-registry-active.json').decoded.response.epoch.system_state
      .model_registry
    const registry = Object.keys(models)
      .sort()
      .map((id) => ({
        id,
        embedding: Float32Array.from(models[id].embedding),
        stake: BigInt(models[id].staking_pool.soma_balance),
      }))
    const route = createRouter(registry)
    const { targets } = golden('exchanges/118-list-targets-open.json').decoded.response
    expect(targets).toHaveLength(100)
    for (const target of targets) {
      expect(route(Float32Array.from(target.embedding), 3)).toEqual(target.model_ids)
    }
  })
})
