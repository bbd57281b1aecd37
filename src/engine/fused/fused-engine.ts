import type { KernelRunner } from '../../gpu/kernel-runner.ts'
import { adapterName } from '../../gpu/open-device.ts'
import { StudioError } from '../../lib/studio-error.ts'
import { type ModelConfig, SIGREG_COEFFICIENT } from '../../model/model-config.ts'
import { PAD } from '../../tokenizer/encode-window.ts'
import { countTargets, sliceRows } from '../batch-input.ts'
import type {
  Engine,
  EngineCounters,
  EvaluationResult,
  Moments,
  SampleOptions,
  StepRequest,
  StepResult,
  TokenBatch,
} from '../engine.ts'
import { ropeAngles } from '../rope-angles.ts'
import { sampleText } from '../sample-text.ts'
import { BoundPlan } from './bound-plan.ts'
import { type ModelRegions, modelRegions } from './model-regions.ts'
import { parameterLayout } from './parameter-layout.ts'
import { ParameterMemory } from './parameter-memory.ts'
import { defaultPassOptions, type PassOptions, type PassShape } from './pass.ts'
import { type Plan, planEvaluation, planOptimizer, planSampling, planTraining } from './plan.ts'
import type { StepState } from './step-state.ts'
import { tokenOrder } from './token-order.ts'

/** Contexts are padded to a multiple of this, so that growing text needs few plans. */
const SAMPLE_STRIDE = 64
/** Tokens and hidden values of one pass without gradients; larger batches take several. */
const MOST_PASS_TOKENS = 16_384
const MOST_PASS_VALUES = 2 ** 26

const restingState: StepState = {
  seed: 0,
  step: 0,
  microBatch: 0,
  dropout: 0,
  crossEntropyScale: 1,
  sigregScale: SIGREG_COEFFICIENT,
  learningRate: 0,
  accumulate: false,
}

/** Plans that are bound at a time, one of each kind. */
type PlanKind = 'training' | 'inference'

/** V1 by a written-down schedule of raw kernels: no tape, one wait a step, memory known from the plan. */
export class FusedEngine implements Engine {
  readonly config: ModelConfig
  readonly #runner: KernelRunner
  readonly #options: PassOptions
  readonly #model: ModelRegions
  readonly #memory: ParameterMemory
  readonly #start: EngineCounters
  readonly #bound = new Map<PlanKind, { key: string; plan: BoundPlan }>()
  #optimizer: BoundPlan | undefined
  #last: Promise<unknown> = Promise.resolve()
  #stepCount = 0

  constructor(config: ModelConfig, runner: KernelRunner, options: Partial<PassOptions> = {}) {
    const { maxBufferSize, maxStorageBufferBindingSize } = runner.gpu.device.limits
    this.config = config
    this.#runner = runner
    this.#options = { ...defaultPassOptions, ...options }
    this.#start = runner.counters()
    this.#model = modelRegions(parameterLayout(config, Math.min(maxBufferSize, maxStorageBufferBindingSize)))
    this.#memory = new ParameterMemory(runner.gpu.device, this.#model)
  }

  get description(): string {
    return `WebGPU, ${adapterName(this.#runner.gpu.adapterInfo)}`
  }

  get stepCount(): number {
    return this.#stepCount
  }

  initialise(seed: number): Promise<void> {
    return this.#runAlone(async () => {
      this.#freePlans()
      await this.#memory.initialise(seed)
      this.#stepCount = 0
    })
  }

  writeTensor(name: string, values: Float32Array): void {
    this.#memory.write(name, 'values', values)
  }

  readTensor(name: string): Promise<Float32Array> {
    return this.#run(() => this.#memory.read(name, 'values'))
  }

  writeMoments(name: string, moments: Moments): void {
    this.#memory.writeMoments(name, moments)
  }

  readMoments(name: string): Promise<Moments> {
    return this.#run(async () => ({
      m: await this.#memory.read(name, 'm'),
      v: await this.#memory.read(name, 'v'),
    }))
  }

  /** The averaged gradient of the last step. */
  readGradient(name: string): Promise<Float32Array> {
    return this.#run(() => this.#memory.read(name, 'gradients'))
  }

  setStepCount(step: number): void {
    this.#stepCount = step
  }

  step(request: StepRequest): Promise<StepResult> {
    return this.#runAlone(async () => {
      const step = this.#stepCount + 1
      const { microBatches, learningRate, dropout, seed, noise } = request
      const count = microBatches.length
      if (count === 0) throw new StudioError('bad-input', 'A step needs at least one micro-batch.')
      let figures: Float32Array = new Float32Array()
      for (const [microBatch, batch] of microBatches.entries()) {
        const given = noise?.[microBatch]
        const plan = await this.#trainingPlan(batch, dropout > 0, given !== undefined)
        upload(plan, batch, this.config)
        if (given) plan.write('noise', given)
        const state: StepState = {
          seed,
          step,
          microBatch,
          dropout,
          crossEntropyScale: 1 / (Math.max(1, countTargets(batch.targets)) * count),
          sigregScale: SIGREG_COEFFICIENT / count,
          learningRate,
          accumulate: microBatch > 0,
        }
        if (microBatch < count - 1) plan.run(state)
        else figures = await plan.runAndRead(state, [await this.#optimizerPlan()])
      }
      this.#stepCount = step
      const [crossEntropy, sigreg, squares] = figures as unknown as [number, number, number]
      return {
        step,
        loss: crossEntropy + sigreg,
        crossEntropy,
        sigreg,
        gradientNorm: Math.sqrt(squares),
      }
    })
  }

  evaluate(batch: TokenBatch, noise?: Float32Array): Promise<EvaluationResult> {
    return this.#runAlone(async () => {
      const { rows, sequence } = batch
      const { dim, ffn } = this.config
      const tokens = Math.min(MOST_PASS_TOKENS, Math.floor(MOST_PASS_VALUES / ffn))
      const perPass = Math.max(1, Math.floor(tokens / sequence))
      const rowMeans = new Float32Array(rows * dim)
      let nats = 0
      let sigreg = 0
      for (let from = 0; from < rows; from += perPass) {
        const part = sliceRows(batch, from, Math.min(rows, from + perPass))
        const shape = passShape(part, false)
        const plan = await this.#boundPlan(
          'inference',
          `evaluation ${key(shape)} ${noise !== undefined}`,
          () => planEvaluation(this.config, this.#model, shape, noise !== undefined, this.#options),
        )
        upload(plan, part, this.config)
        if (noise) plan.write('noise', noise)
        const values = await plan.runAndRead(restingState)
        nats += values[0]!
        if (noise) sigreg += values[1]! * (part.rows / rows)
        rowMeans.set(values.subarray(4), from * dim)
      }
      return { nats, targets: countTargets(batch.targets), sigreg, rowMeans }
    })
  }

  sample(prompt: Uint8Array, options: SampleOptions): Promise<Uint8Array> {
    // Training goes on between two bytes.
    return this.#run(() =>
      sampleText(prompt, options, (context) => this.#runAlone(() => this.#nextLogits(context))),
    )
  }

  memoryBytes(): number {
    const plans = [...this.#bound.values()].map(({ plan }) => plan)
    if (this.#optimizer) plans.push(this.#optimizer)
    return plans.reduce((sum, { plan }) => sum + plan.bytes, this.#memory.bytes())
  }

  counters(): EngineCounters {
    const { dispatches, submits } = this.#runner.counters()
    return { dispatches: dispatches - this.#start.dispatches, submits: submits - this.#start.submits }
  }

  dispose(): void {
    this.#freePlans()
    this.#memory.dispose()
  }

  /** The work's result, or the device's own failure before any other error. */
  async #run<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work()
      this.#runner.gpu.assertHealthy()
      return result
    } catch (error) {
      this.#runner.gpu.assertHealthy()
      throw StudioError.from(error)
    }
  }

  /** Work that owns the bound plans: one at a time, in the order of the calls. */
  #runAlone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(() => this.#run(work))
    this.#last = result.catch(() => undefined)
    return result
  }

  #trainingPlan(batch: TokenBatch, dropout: boolean, givenNoise: boolean): Promise<BoundPlan> {
    const shape = passShape(batch, dropout)
    return this.#boundPlan('training', `training ${key(shape)} ${givenNoise}`, () =>
      planTraining(this.config, this.#model, shape, givenNoise, this.#options),
    )
  }

  async #optimizerPlan(): Promise<BoundPlan> {
    this.#optimizer ??= await this.#bind(planOptimizer(this.#model, this.#options))
    return this.#optimizer
  }

  /** The bound plan of this key, in place of another of its kind. */
  async #boundPlan(kind: PlanKind, key: string, make: () => Plan): Promise<BoundPlan> {
    const known = this.#bound.get(kind)
    if (known?.key === key) return known.plan
    known?.plan.dispose()
    this.#bound.delete(kind)
    const plan = await this.#bind(make())
    this.#bound.set(kind, { key, plan })
    return plan
  }

  #bind(plan: Plan): Promise<BoundPlan> {
    return BoundPlan.create(this.#runner, plan, (region) => this.#memory.bufferOf(region))
  }

  #freePlans(): void {
    for (const { plan } of this.#bound.values()) plan.dispose()
    this.#bound.clear()
    this.#optimizer?.dispose()
    this.#optimizer = undefined
  }

  /** Logits [vocab] after the last byte of a context of at most 1,024 bytes. */
  async #nextLogits(context: Uint8Array): Promise<Float32Array> {
    const sequence = Math.ceil(context.length / SAMPLE_STRIDE) * SAMPLE_STRIDE
    const tokens = new Int32Array(sequence).fill(PAD)
    tokens.set(context)
    const batch = { tokens, targets: tokens, rows: 1, sequence }
    const shape = passShape(batch, false)
    const plan = await this.#boundPlan('inference', `sampling ${key(shape)}`, () =>
      planSampling(this.config, this.#model, shape, this.#options),
    )
    upload(plan, batch, this.config)
    plan.write('pick', Int32Array.of(context.length - 1))
    return plan.runAndRead(restingState)
  }
}

function passShape({ rows, sequence, positions }: TokenBatch, dropout: boolean): PassShape {
  return { rows, sequence, dropout, positions: positions !== undefined }
}

function key({ rows, sequence, dropout, positions }: PassShape): string {
  return `${rows} ${sequence} ${dropout} ${positions}`
}

/** Tokens, targets and rotary tables of a batch. */
function upload(plan: BoundPlan, batch: TokenBatch, { dim, heads, vocab }: ModelConfig): void {
  const { inputs } = plan.plan
  plan.write('tokens', batch.tokens)
  if (inputs.targets) plan.write('targets', batch.targets)
  if (inputs.order) {
    const { order, starts } = tokenOrder(batch.tokens, vocab)
    plan.write('order', order)
    plan.write('starts', starts)
  }
  if (!batch.positions && plan.hasLocalTables) return
  const positions = batch.positions ?? Int32Array.from({ length: batch.sequence }, (_, index) => index)
  const { cos, sin } = ropeAngles(positions, dim / heads)
  plan.write('cosine', cos)
  plan.write('sine', sin)
  plan.hasLocalTables = !batch.positions
}
