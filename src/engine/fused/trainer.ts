import type { KernelRunner } from '../../gpu/kernel-runner.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import type { StepRequest, TokenBatch } from '../engine.ts'
import {
  distilled,
  stepState,
  uploadBatch,
  uploadLossInputs,
  uploadOrder,
  uploadTables,
} from './batch-upload.ts'
import { BoundPlan, type Reading } from './bound-plan.ts'
import type { LayeredOptions, LayeredPlan } from './layered-plan.ts'
import { type LayeredBatch, LayeredStep } from './layered-step.ts'
import { type MemoryPlan, type MemoryPlanName, memoryPlan, memoryPlans } from './memory-plan.ts'
import { type ModelRegions, modelRegions } from './model-regions.ts'
import type { ParameterLayout } from './parameter-layout.ts'
import type { ParameterMemory } from './parameter-memory.ts'
import type { Plan } from './plan.ts'
import { type StepShape, stepPlans, trainingBytes } from './training-memory.ts'

export interface TrainerOptions {
  /** A plan by name, or the fastest that the device has memory for. */
  readonly memoryPlan: MemoryPlanName | 'auto'
  /** Bytes on the device that training may take. */
  readonly memoryBudget: number
  /** Told in a sentence when a smaller plan takes over. */
  readonly onNotice: (sentence: string) => void
  readonly pass: LayeredOptions
}

interface BoundStep {
  readonly key: string
  readonly training: BoundPlan
  readonly optimizer: BoundPlan | undefined
}

/** Optimizer steps under the first memory plan that fits. */
export class Trainer {
  readonly #config: ModelConfig
  readonly #runner: KernelRunner
  readonly #memory: ParameterMemory
  readonly #options: TrainerOptions
  #model: ModelRegions
  #plan: MemoryPlan
  #bound: BoundStep | undefined

  constructor(
    config: ModelConfig,
    runner: KernelRunner,
    memory: ParameterMemory,
    model: ModelRegions,
    options: TrainerOptions,
  ) {
    this.#config = config
    this.#runner = runner
    this.#memory = memory
    this.#model = model
    this.#options = options
    this.#plan = Trainer.firstPlan(options)
  }

  /** The plan that is tried first. */
  static firstPlan({ memoryPlan: name }: TrainerOptions): MemoryPlan {
    return name === 'auto' ? memoryPlans[0]! : memoryPlan(name)
  }

  /** The plan of the last step, or of the next one before the first. */
  get memoryPlan(): MemoryPlan {
    return this.#plan
  }

  /** Submits one step; its figures are on their way back. */
  async step(request: StepRequest, step: number): Promise<Reading> {
    const { activations, order } = this.#plan
    if (activations === 'store') return this.#storeAll(request, step)
    const reading = await (order === 'batch-major'
      ? this.#batchMajor(request, step)
      : this.#layerMajor(request, step))
    return reading!
  }

  /** Finds a plan that fits and binds it, so that `step` allocates nothing. */
  async prepare(request: StepRequest): Promise<void> {
    for (;;) {
      try {
        await this.#bind(request, request.microBatches[0]!)
        return
      } catch (error) {
        if (!(error instanceof StudioError) || error.code !== 'out-of-memory') throw error
        await this.#nextPlan(error)
      }
    }
  }

  bytes(): number {
    return (this.#bound?.training.plan.bytes ?? 0) + (this.#bound?.optimizer?.plan.bytes ?? 0)
  }

  free(): void {
    this.#bound?.training.dispose()
    this.#bound?.optimizer?.dispose()
    this.#bound = undefined
  }

  async #storeAll(request: StepRequest, step: number): Promise<Reading> {
    const { microBatches, signal } = request
    const last = microBatches.length - 1
    for (const [index, batch] of microBatches.entries()) {
      const { training, optimizer } = await this.#bind(request, batch)
      uploadBatch(training, batch, this.#config)
      uploadLossInputs(training, request, index)
      const state = stepState(request, step, index)
      if (index === last) return training.runAndRead(state, {}, { signal }, [optimizer!])
      await training.run(state, {}, { signal })
    }
    throw new Error('A step without micro-batches got this far.')
  }

  async #batchMajor(request: StepRequest, step: number): Promise<Reading | undefined> {
    const last = request.microBatches.length - 1
    let reading: Reading | undefined
    for (const [index, batch] of request.microBatches.entries()) {
      const { training, optimizer } = await this.#bind(request, batch)
      const layered = new LayeredStep(training as BoundPlan<LayeredPlan>, request.signal)
      const prepared = this.#layeredBatch(training, request, step, index)
      reading = await layered.runBatch(prepared, index === last ? [optimizer!] : undefined)
    }
    return reading
  }

  async #layerMajor(request: StepRequest, step: number): Promise<Reading> {
    const { training } = await this.#bind(request, request.microBatches[0]!)
    const batches = request.microBatches.map((_, index) => this.#layeredBatch(training, request, step, index))
    const layered = new LayeredStep(training as BoundPlan<LayeredPlan>, request.signal)
    return layered.runLayers(batches, {
      layout: this.#model.layout,
      gradients: this.#model.gradients.map((region) => this.#memory.bufferOf(region)!),
      host: this.#memory.host(),
    })
  }

  #layeredBatch(plan: BoundPlan, request: StepRequest, step: number, index: number): LayeredBatch {
    const batch = request.microBatches[index]!
    return {
      state: stepState(request, step, index),
      writeTokens: () => plan.write('tokens', batch.tokens),
      writeTargets: () => {
        plan.write('targets', batch.targets)
        uploadLossInputs(plan, request, index)
      },
      writeOrder: () => uploadOrder(plan, batch, this.#config),
      writeTables: () => uploadTables(plan, batch, this.#config),
    }
  }

  async #bind(request: StepRequest, batch: TokenBatch): Promise<BoundStep> {
    const shape = this.#shape(request, batch)
    const key = JSON.stringify(shape)
    if (this.#bound?.key === key) return this.#bound
    // The optimizer's plan is the same for every shape.
    const optimizer = this.#bound?.optimizer
    this.#bound?.training.dispose()
    this.#bound = undefined
    try {
      this.#assertWithinBudget(shape)
      const plans = this.#plans(shape)
      if (!optimizer && plans.optimizer) this.#runner.compileAhead(plans.optimizer.schedule)
      const training = await this.#create(plans.training)
      const bound = {
        key,
        training,
        optimizer: optimizer ?? (plans.optimizer && (await this.#create(plans.optimizer))),
      }
      this.#bound = bound
      return bound
    } catch (error) {
      optimizer?.dispose()
      throw error
    }
  }

  #plans(shape: StepShape) {
    const { limits } = this.#runner.gpu.device
    return stepPlans(this.#config, this.#model, this.#plan, shape, limits, this.#options.pass)
  }

  #create(plan: Plan): Promise<BoundPlan> {
    return BoundPlan.create(this.#runner, plan, this.#memory)
  }

  #shape(request: StepRequest, batch: TokenBatch): StepShape {
    const { microBatches, dropout, noise } = request
    const { rows, sequence, positions } = batch
    const layerMajor = this.#plan.order === 'layer-major'
    if (layerMajor && microBatches.some((other) => other.rows !== rows || other.sequence !== sequence)) {
      throw new StudioError(
        'unsupported',
        `Memory plan ${this.#plan.name} needs micro-batches of one shape.`,
        {
          hint: 'Use the same rows and sequence in every micro-batch of a step.',
        },
      )
    }
    return {
      rows,
      sequence,
      dropout: dropout > 0,
      positions: positions !== undefined,
      givenNoise: noise !== undefined,
      distillation: distilled(request),
      microBatches: layerMajor ? microBatches.length : 1,
    }
  }

  #assertWithinBudget(shape: StepShape): void {
    const { memoryBudget, pass } = this.#options
    if (memoryBudget === Number.POSITIVE_INFINITY) return
    const { limits } = this.#runner.gpu.device
    const { device } = trainingBytes(this.#config, this.#plan, shape, limits, pass)
    if (device <= memoryBudget) return
    const [needed, granted] = [device, memoryBudget].map((bytes) => `${(bytes / 1e9).toPrecision(3)} GB`)
    throw new StudioError('out-of-memory', `Training needs ${needed} and may take ${granted}.`, {
      hint: 'Use a smaller micro-batch or a shorter sequence, or allow more memory.',
    })
  }

  /** The next smaller plan, with what was in memory kept; the error again where there is none or one was asked for. */
  async #nextPlan(error: StudioError): Promise<void> {
    // A plan that computes other numbers is only ever chosen by name.
    const ladder = memoryPlans.filter(({ exact }) => exact)
    const next = ladder[ladder.indexOf(this.#plan) + 1]
    if (!next || this.#options.memoryPlan !== 'auto') throw error
    this.free()
    const layout: ParameterLayout = this.#model.layout
    this.#plan = next
    this.#model = {
      ...modelRegions(layout, next.storage),
      values: this.#model.values,
      figures: this.#model.figures,
    }
    await this.#memory.changeStorage(this.#model)
    this.#options.onNotice(`${error.message} Memory plan ${next.name} takes over: ${next.summary}.`)
  }
}
