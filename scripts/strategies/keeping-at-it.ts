import { utf8ToBytes } from '@noble/hashes/utils.js'
import { blake2b256 } from '../../src/chain/digests.ts'
import type { Engine, Moments } from '../../src/engine/engine.ts'
import { parameterTable } from '../../src/model/parameter-table.ts'
import { AccountClient, type AccountModel } from '../../src/practice/account-client.ts'
import type { PracticeHost } from '../../src/practice/practice-host.ts'
import { genesisEmbedding } from '../../src/strategies/genesis-embedding.ts'
import { loadWeights, type WeightsReader } from '../../src/strategies/merge/weights-reader.ts'
import type { RoundPlan, RoundSubject } from '../../src/strategies/rounds/round-plan.ts'
import {
  beginRounds,
  nextReveal,
  nextWork,
  type RoundState,
  toEvaluate,
} from '../../src/strategies/rounds/rounds.ts'
import { type RoundTools, runRounds } from '../../src/strategies/rounds/run-rounds.ts'
import type { Lab } from './lab.ts'
import { create, publish } from './take-part.ts'
import { copyWeights, openTraining, startFrom, type Training } from './train-model.ts'

const STAKE = 1_500_000_000n
const WARMUP_STEPS = 10

export interface KeepingAt {
  readonly lab: Lab
  readonly host: PracticeHost
  readonly engine: Engine
  readonly training: Pick<Training, 'texts' | 'learningRate' | 'sequence' | 'rows' | 'seed'> & {
    readonly from: WeightsReader
  }
  /** The name of the weights that it begins with, which are to be beaten. */
  readonly startsFrom: string
  readonly plan: Pick<RoundPlan, 'rounds' | 'steps' | 'checkpoints'>
  /** Loss of the weights that the engine holds, on the data that the plan chooses by. */
  readonly lossOf: (engine: Engine) => Promise<number>
  /** What embeddings are made of. */
  readonly windows: readonly Uint8Array[]
  /** What happens in an epoch while the plan waits for the next. */
  readonly epoch: () => Promise<void>
}

export interface KeptAt {
  readonly state: RoundState
  /** Weights by optimizer step; 0 is where it began. */
  readonly weightsAt: ReadonlyMap<number, WeightsReader>
}

/**
 * Carries out a plan of rounds with the studio's own state machine: trains, measures, publishes on the practice network
 * and goes on. Between two rounds the engine is emptied and gets its checkpoint back, as after a reload.
 */
export async function keepAt(setup: KeepingAt): Promise<KeptAt> {
  const { lab, host, engine, training, plan, windows } = setup
  const { seed } = training
  // Not random, so that the network's targets, which follow from its transactions, repeat.
  const client = new AccountClient(host.transport, blake2b256(utf8ToBytes('account of the rounds')))
  for (let call = 0; call < 3; call += 1) host.faucet(client.address)
  const weightsAt = new Map<number, WeightsReader>()
  const stepOn = await openTraining({ ...training, warmupSteps: WARMUP_STEPS })
  await startFrom(engine, seed, training.from)
  weightsAt.set(0, await copyWeights(engine))
  let kept = await saveState(engine)
  let step = 0
  const name = (at: number) => ({ runId: 'run', step: at, weightsDigest: `${at}` })
  const drafts = new Map<
    string,
    { readonly model: AccountModel; readonly hosted: Awaited<ReturnType<typeof publish>> }
  >()

  const tools: RoundTools = {
    async train(_, begun) {
      begun(step)
      const from = step
      await engine.initialise(seed + 1)
      await restoreState(engine, kept)
      const every = plan.steps / plan.checkpoints
      const checkpoints: ReturnType<typeof name>[] = []
      while (step < from + plan.steps) {
        step += 1
        await stepOn(engine, step)
        if ((step - from) % every !== 0) continue
        weightsAt.set(step, await copyWeights(engine))
        checkpoints.push(name(step))
      }
      kept = await saveState(engine)
      return { start: name(from), checkpoints }
    },
    async evaluate(state) {
      const losses: Record<string, number> = {}
      for (const { step: at, weightsDigest } of toEvaluate(state)) {
        await loadWeights(engine, weightsAt.get(at)!)
        losses[weightsDigest] = await setup.lossOf(engine)
      }
      return losses
    },
    async embed({ chosen, modelId }) {
      const weights = weightsAt.get(chosen!.step)!
      await loadWeights(engine, weights)
      const { embedding } = await genesisEmbedding(engine, windows)
      const hosted = await publish(lab, host, weights)
      const id = `draft of ${chosen!.step}`
      drafts.set(id, { model: { id: modelId ?? '', key: hosted.key, embedding }, hosted })
      return id
    },
    async commit({ draftId, modelId }) {
      const { model, hosted } = drafts.get(draftId!)!
      const id = modelId ?? (await create(client, STAKE))
      drafts.set(draftId!, { model: { ...model, id }, hosted })
      await client.commit({ ...model, id }, hosted.manifest)
      return { kind: 'committed', epoch: Number(host.epoch), modelId: id, isFirst: modelId === null }
    },
    async reveal({ reveal }) {
      await client.succeed(client.reveal(drafts.get(reveal!.draftId)!.model))
      return Number(host.epoch)
    },
  }
  const subject: RoundSubject = {
    place: 'small',
    placeName: 'the small world',
    chainId: null,
    address: client.address,
    runId: 'run',
    runName: 'Run',
    isNew: true,
    modelId: null,
    startsFrom: setup.startsFrom,
  }
  const whole: RoundPlan = {
    ...plan,
    chooseBy: { kind: 'targets', limit: 50 },
    improvement: 0,
    confirm: 'never',
  }
  const runner = runRounds(beginRounds('plan', whole, subject, Number(host.epoch)), tools, () => {})
  while (!runner.state.ended) {
    const { halted } = runner.state
    if (halted) throw new Error(halted.message)
    if (nextWork(runner.state)?.kind === 'wait' && !nextReveal(runner.state)) {
      await setup.epoch()
      runner.tell({ kind: 'epoch', epoch: Number(host.advanceEpoch()) })
    }
    await new Promise((resolve) => setTimeout(resolve))
  }
  return { state: runner.state, weightsAt }
}

interface EngineState {
  readonly weights: WeightsReader
  readonly moments: ReadonlyMap<string, Moments>
  readonly step: number
}

async function saveState(engine: Engine): Promise<EngineState> {
  const moments = new Map<string, Moments>()
  for (const { name } of parameterTable(engine.config)) moments.set(name, await engine.readMoments(name))
  return { weights: await copyWeights(engine), moments, step: engine.stepCount }
}

async function restoreState(engine: Engine, { weights, moments, step }: EngineState): Promise<void> {
  await loadWeights(engine, weights)
  for (const [name, both] of moments) engine.writeMoments(name, both)
  engine.setStepCount(step)
}
