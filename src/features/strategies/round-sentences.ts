import type { ParametersView } from '../../chain/system-state-view.ts'
import { forecastFee } from '../../chain/transaction/forecast-fee.ts'
import { formatBytes } from '../../lib/format-bytes.ts'
import { formatCount, formatPlural } from '../../lib/format-count.ts'
import { formatSoma } from '../../lib/soma-amount.ts'
import { type ConfigName, modelConfigs } from '../../model/model-config.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import type { ChooseBy, RoundPlan } from '../../strategies/rounds/round-plan.ts'

/** What the sentences of an approval are made of. */
export interface PlanFacts {
  readonly plan: RoundPlan
  readonly config: ConfigName
  /** Null: a new run. */
  readonly runName: string | null
  /** The trained weights that it begins with, in words; null for fresh ones. */
  readonly startsFrom: string | null
  /** What it trains on, in words. */
  readonly data: string
  /** Null: the first round creates one. */
  readonly modelName: string | null
  /** That model's weights cannot be read. */
  readonly uncompared: boolean
  readonly networkName: string
  readonly isPractice: boolean
  readonly parameters: ParametersView
}

export interface PlanSentences {
  readonly title: string
  readonly sentences: readonly string[]
}

/** What an approved plan will do, sign, cost and make public, in sentences. */
export function planSentences(facts: PlanFacts): readonly PlanSentences[] {
  return [
    { title: 'What will happen', sentences: happens(facts) },
    { title: 'What is signed', sentences: signed(facts) },
    { title: 'What it costs', sentences: costs(facts) },
    { title: 'What becomes public', sentences: becomesPublic(facts) },
  ]
}

/** The data that a plan chooses by, after "measured on". */
export function chosenBy(chooseBy: ChooseBy): string {
  switch (chooseBy.kind) {
    case 'validation':
      return 'the validation part of its data'
    case 'targets':
      return `the data of the newest ${formatPlural(chooseBy.limit, 'filled target')}`
    case 'region':
      return `the data of at most ${formatPlural(chooseBy.limit, 'filled target')} around ${chooseBy.label}`
    default:
      return chooseBy satisfies never
  }
}

function happens(facts: PlanFacts): string[] {
  const { plan, runName, data, config, isPractice } = facts
  const run = runName ?? 'A new run'
  const rounds =
    plan.rounds === 0
      ? 'This goes on round after round until you stop it'
      : `There ${plan.rounds === 1 ? 'is' : 'are'} ${formatPlural(plan.rounds, 'round')}`
  const better =
    plan.improvement > 0
      ? `lowers the contract loss by more than ${plan.improvement} compared with`
      : 'has a lower contract loss than'
  const size = 4 * parameterTable(modelConfigs[config]).reduce((sum, one) => sum + one.size, 0)
  return [
    `${run} trains ${formatPlural(plan.steps, 'step')} a round on ${data}. Each round goes on with the weights and the optimizer state that the one before ended with. ${rounds}.`,
    `Of each round ${plan.checkpoints === 1 ? 'the last checkpoint is' : `${formatCount(plan.checkpoints)} checkpoints are`} measured on ${chosenBy(plan.chooseBy)}; the best is embedded, encrypted with a fresh key and published${plan.publishWorse ? ', better or not.' : `, if it ${better} what is in force${atFirst(facts)}. Otherwise the round publishes nothing.`}`,
    ...(isPractice ? [] : ['You are asked where each encrypted file is hosted, and it is read back whole.']),
    'Training goes on while a commit waits for its epoch. The next commit waits for that reveal.',
    `The page must stay open. If it is closed, the plan is kept with its checkpoints, keys and embeddings, and you can go on with it. About ${formatBytes((plan.checkpoints + 2) * size)} of weights are kept on this device beside the run.`,
    'You can stop at any point; the run keeps its last checkpoint, and a reveal that is owed is still made.',
  ]
}

/** What is in force until a round is published, as the end of a sentence. */
function atFirst({ startsFrom, modelName, uncompared }: PlanFacts): string {
  if (modelName && !uncompared) return `, at first the weights that the network holds of ${modelName}`
  const start = startsFrom ? `, or until a round is published than ${startsFrom}, which it begins with` : ''
  return modelName
    ? `${start}. The weights of ${modelName} cannot be read, so the first round that is published is not compared with them`
    : start
}

function signed({ plan, modelName, networkName }: PlanFacts): string[] {
  const first = modelName
    ? `Each round that publishes signs a commit of an update of ${modelName}, and its reveal in the epoch after.`
    : 'The first round that publishes signs three transactions: it creates a model, commits it, and reveals it in the epoch after. Each later one signs a commit of an update and its reveal.'
  return [
    `${first} All of them go to ${networkName}.`,
    plan.confirm === 'never'
      ? 'The practice account signs them without asking again, each after the same checks as on the Publish screen.'
      : 'You are asked before every signature. What you decline is not sent: the round then publishes nothing.',
  ]
}

function costs({ plan, modelName, parameters, isPractice }: PlanFacts): string[] {
  const { modelMinStake: stake, modelRevealSlashRateBps: rate } = parameters
  const create = fee('CreateModel', parameters)
  const each = fee('CommitModel', parameters) + fee('RevealModel', parameters)
  const soma = (shannons: bigint) => `${formatSoma(shannons)} SOMA`
  const total = plan.rounds > 0 ? each * BigInt(plan.rounds) + (modelName ? 0n : create) : null
  const fees = `Each round that publishes costs ${soma(each)} in fees${total === null ? '' : `; all fees together are at most ${soma(total)}`}.`
  const free = isPractice ? ' It is practice money, free from the faucet.' : ''
  return [
    ...(modelName
      ? []
      : [`Creating the model stakes ${soma(stake)}, which stays yours, and costs ${soma(create)} in fees.`]),
    `${fees}${free}`,
    modelName
      ? 'An update whose reveal is missed is dropped, and the model goes on with what it has.'
      : `If the first reveal is missed, ${Number(rate) / 100} % of the stake is lost and the model is inactive for good.`,
  ]
}

function becomesPublic({ isPractice }: PlanFacts): string[] {
  const where = isPractice ? 'in this browser, where the practice network runs' : 'for everyone'
  return [
    `From a commit on: the address, size and checksum of the encrypted file, and the hashes of its key and embedding. From its reveal on: the key and the embedding, so that the weights can be read, ${where}.`,
    'Your data, the optimizer state and checkpoints that were not chosen stay on this device.',
  ]
}

/** Of a transaction of this kind with the least stake, shannons. */
function fee(kind: 'CreateModel' | 'CommitModel' | 'RevealModel', parameters: ParametersView): bigint {
  const { modelMinStake: stakeAmount } = parameters
  const named = { $kind: kind, [kind]: { stakeAmount } } as unknown as Parameters<
    typeof forecastFee
  >[0]['kind']
  return forecastFee({ kind: named, gasPayment: [] }, parameters).totalFee
}
