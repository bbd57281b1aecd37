import { expect, it } from 'vitest'
import type { ParametersView } from '../../chain/system-state-view.ts'
import { type PlanFacts, planSentences } from './round-sentences.ts'

const facts: PlanFacts = {
  plan: {
    rounds: 1,
    steps: 10,
    checkpoints: 1,
    chooseBy: { kind: 'validation' },
    improvement: 0,
    confirm: 'each',
  },
  config: 'small',
  runName: null,
  startsFrom: 'Rival',
  data: 'your data',
  modelName: 'calm-otter',
  uncompared: false,
  networkName: 'the small world',
  isPractice: true,
  parameters: {
    modelMinStake: 1n,
    modelRevealSlashRateBps: 5000n,
    baseFee: 1n,
    writeObjectFee: 1n,
    valueFeeBps: 1n,
  } as unknown as ParametersView,
}

it.each([
  [{}, /than what is in force, at first the weights that the network holds of calm-otter\. Otherwise/],
  [
    { uncompared: true },
    /than what is in force, or until a round is published than Rival, which it begins with\. The weights of calm-otter cannot be read, so the first round that is published is not compared with them\./,
  ],
  [
    { modelName: null },
    /than what is in force, or until a round is published than Rival, which it begins with\./,
  ],
  [{ plan: { ...facts.plan, publishWorse: true } }, /published, better or not\.$/],
] as const)('says what a round has to beat', (change, sentence) => {
  expect(planSentences({ ...facts, ...change })[0]!.sentences[1]).toMatch(sentence)
})
