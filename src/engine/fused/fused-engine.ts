import type { KernelRunner } from '../../gpu/kernel-runner.ts'
import { adapterName } from '../../gpu/open-device.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { PAD } from '../../tokenizer/encode-window.ts'
import { countTargets, sliceRows } from '../batch-input.ts'
import { checkDistillation, weighed } from '../distillation-result.ts'
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
import { continueText } from '../sample-text.ts'
import { uploadBatch } from './batch-upload.ts'
import { BoundPlan } from './bound-plan.ts'
import { BYTES_AHEAD, planEvaluation, planLogits, planSampling } from './inference-plan.ts'
import { defaultKernelSet, type KernelSet } from './kernel-set.ts'
import type { MemoryPlan, MemoryPlanName } from './memory-plan.ts'
import { FIGURES, figurePlace, type ModelRegions, modelRegions } from './model-regions.ts'
import { ParameterMemory } from './parameter-memory.ts'
import type { PassOptions, PassShape } from './pass.ts'
import type { Plan } from './plan.ts'
import { restingState } from './step-state.ts'
import { Trainer, type TrainerOptions } from './trainer.ts'
import { planLayout } from './training-memory.ts'

/** Contexts are padded to a multiple of this, so that growing text needs few plans. */
const SAMPLE_STRIDE = 64
/** Tokens and hidden values of one pass without gradients; larger batches take several. */
const MOST_PASS_TOKENS = 16_384
const MOST_PASS_VALUES = 2 ** 26

export interface FusedOptions {
  readonly kernels?: KernelSet
  /** A memory plan by name; the fastest that the device has memory for if absent. */
  readonly memoryPlan?: MemoryPlanName
  /** Bits of a layer input that plans A to D keep, 32 if absent; 16 takes half the memory and rounds. */
  readonly layerInputBits?: 16 | 32
  /** Bytes on the device that training may take; no bound if absent. */
  readonly memoryBudget?: number
  /** Told in a sentence when a smaller memory plan takes over. */
  readonly onNotice?: (sentence: string) => void
}

/** V1 by a written-down schedule of raw kernels: no tape, one wait a step, memory known from the plan. */
export class FusedEngine implements Engine {
  readonly config: ModelConfig
  readonly #runner: KernelRunner
  readonly #model: ModelRegions
  readonly #memory: ParameterMemory
  readonly #trainer: Trainer
  readonly #pass: PassOptions
  readonly #start: EngineCounters
  #inference: { readonly key: string; readonly plan: BoundPlan } | undefined
  #last: Promise<unknown> = Promise.resolve()
  #stepCount = 0

  constructor(config: ModelConfig, runner: KernelRunner, options: FusedOptions = {}) {
    const { kernels = defaultKernelSet, memoryPlan = 'auto', onNotice = () => undefined } = options
    const { memoryBudget = Number.POSITIVE_INFINITY, layerInputBits = 32 } = options
    this.config = config
    this.#runner = runner
    this.#start = runner.counters()
    this.#pass = { kernels }
    const training: TrainerOptions = { memoryPlan, memoryBudget, onNotice, pass: { kernels, layerInputBits } }
    const plan = Trainer.firstPlan(training)
    this.#model = modelRegions(planLayout(config, plan, runner.gpu.device.limits), plan.storage)
    this.#memory = new ParameterMemory(runner.gpu.device, this.#model)
    this.#trainer = new Trainer(config, runner, this.#memory, this.#model, training)
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
    return this.#run(() => this.#memory.readMoments(name))
  }

  /** The averaged gradient of the last step. */
  readGradient(name: string): Promise<Float32Array> {
    return this.#run(() => this.#memory.read(name, 'gradients'))
  }

  setStepCount(step: number): void {
    this.#stepCount = step
  }

  /** The memory plan of the last step; before the first one, the first that will be tried. */
  get memoryPlan(): MemoryPlan {
    return this.#trainer.memoryPlan
  }

  /** Resolves with the losses; the next step may be asked for before that, and then the device does not wait. */
  async step(request: StepRequest): Promise<StepResult> {
    if (request.microBatches.length === 0) {
      throw new StudioError('bad-input', 'A step needs at least one micro-batch.')
    }
    checkDistillation(this.config, request)
    const { step, reading } = await this.#runAlone(async () => {
      await this.#trainer.prepare(request)
      const next = this.#stepCount + 1
      const submitted = await this.#trainer.step(request, next)
      this.#stepCount = next
      return { step: next, reading: submitted }
    })
    const figures = await this.#run(() => reading.values)
    const figure = (name: keyof typeof figurePlace) => figures[figurePlace[name]]!
    const [crossEntropy, sigreg] = [figure('crossEntropy'), figure('sigreg')]
    const errors = [figure('embeddingError'), figure('divergence')] as const
    const { distillation } = request
    return {
      step,
      ...weighed(distillation, crossEntropy + sigreg, ...errors),
      crossEntropy,
      sigreg,
      gradientNorm: Math.sqrt(figure('squares')),
    }
  }

  evaluate(batch: TokenBatch, noise?: Float32Array): Promise<EvaluationResult> {
    return this.#runAlone(async () => {
      const { dim } = this.config
      const rowMeans = new Float32Array(batch.rows * dim)
      let nats = 0
      let sigreg = 0
      for (const { part, from } of this.#passes(batch)) {
        const shape = passShape(part, false)
        const plan = await this.#inferencePlan(`evaluation ${key(shape)} ${noise !== undefined}`, () =>
          planEvaluation(this.config, this.#model, shape, noise !== undefined, this.#pass),
        )
        uploadBatch(plan, part, this.config)
        if (noise) plan.write('noise', noise)
        const values = await (await plan.runAndRead(restingState)).values
        nats += values[figurePlace.crossEntropy]!
        if (noise) sigreg += values[figurePlace.sigreg]! * (part.rows / batch.rows)
        rowMeans.set(values.subarray(FIGURES), from * dim)
      }
      return { nats, targets: countTargets(batch.targets), sigreg, rowMeans }
    })
  }

  logits(batch: TokenBatch): Promise<Float32Array> {
    return this.#runAlone(async () => {
      const { vocab } = this.config
      const logits = new Float32Array(batch.rows * batch.sequence * vocab)
      for (const { part, from } of this.#passes(batch)) {
        const shape = passShape(part, false)
        const plan = await this.#inferencePlan(`logits ${key(shape)}`, () =>
          planLogits(this.config, this.#model, shape, this.#pass),
        )
        uploadBatch(plan, part, this.config)
        logits.set(await (await plan.runAndRead(restingState)).values, from * batch.sequence * vocab)
      }
      return logits
    })
  }

  sample(prompt: Uint8Array, options: SampleOptions): Promise<Uint8Array> {
    // Training goes on between two groups of bytes.
    return this.#run(() =>
      continueText(prompt, options, (context, place) =>
        this.#runAlone(() => this.#nextBytes(context, place, options)),
      ),
    )
  }

  memoryBytes(): number {
    return this.#memory.bytes() + this.#trainer.bytes() + (this.#inference?.plan.plan.bytes ?? 0)
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
      await this.#memory.ready
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

  /** The rows of a batch, as many at a time as a pass without gradients takes. */
  *#passes(batch: TokenBatch): Generator<{ part: TokenBatch; from: number }> {
    const { rows, sequence } = batch
    const tokens = Math.min(MOST_PASS_TOKENS, Math.floor(MOST_PASS_VALUES / this.config.ffn))
    const perPass = Math.max(1, Math.floor(tokens / sequence))
    for (let from = 0; from < rows; from += perPass) {
      yield { part: sliceRows(batch, from, Math.min(rows, from + perPass)), from }
    }
  }

  /** The bound plan of this key, in place of another one. */
  async #inferencePlan(key: string, make: () => Plan): Promise<BoundPlan> {
    if (this.#inference?.key === key) return this.#inference.plan
    this.#inference?.plan.dispose()
    this.#inference = undefined
    const plan = await BoundPlan.create(this.#runner, make(), this.#memory)
    this.#inference = { key, plan }
    return plan
  }

  #freePlans(): void {
    this.#trainer.free()
    this.#inference?.plan.dispose()
    this.#inference = undefined
  }

  /**
   * Bytes number `place` and following after a context of at most 1,024 bytes, each drawn on the device and read by the next
   * pass there: as many as fit behind the context, one where it is full.
   */
  async #nextBytes(context: Uint8Array, place: number, options: SampleOptions): Promise<Float32Array> {
    const { seed, temperature, length, signal } = options
    const sequence = Math.ceil(context.length / SAMPLE_STRIDE) * SAMPLE_STRIDE
    const tokens = new Int32Array(sequence).fill(PAD)
    tokens.set(context)
    const batch = { tokens, targets: tokens, rows: 1, sequence }
    const shape = passShape(batch, false)
    const plan = await this.#inferencePlan(`sampling ${key(shape)}`, () =>
      planSampling(this.config, this.#model, shape, this.#pass),
    )
    uploadBatch(plan, batch, this.config)
    plan.write('cursor', Int32Array.of(context.length - 1, place))
    const inverseTemperature = temperature > 0 ? 1 / temperature : 0
    const state = { ...restingState, seed, inverseTemperature }
    const count = Math.min(BYTES_AHEAD, length - place, sequence - context.length + 1)
    for (let ahead = 1; ahead < count; ahead += 1) {
      signal?.throwIfAborted()
      await plan.run(state)
    }
    const ring = await (await plan.runAndRead(state)).values
    return Float32Array.from({ length: count }, (_, index) => ring[(place + index) % BYTES_AHEAD]!)
  }
}

function passShape({ rows, sequence, positions }: TokenBatch, dropout: boolean): PassShape {
  return { rows, sequence, dropout, positions: positions !== undefined }
}

function key({ rows, sequence, dropout, positions }: PassShape): string {
  return `${rows} ${sequence} ${dropout} ${positions}`
}
