import * as tf from '@tensorflow/tfjs'
import { StudioError } from '../lib/studio-error.ts'
import { type ModelConfig, SIGREG_COEFFICIENT, SIGREG_SLICES } from '../model/model-config.ts'
import { PAD } from '../tokenizer/encode-window.ts'
import { countTargets, RopeCache, sliceRows } from './batch-input.ts'
import type { DistillationInput } from './distillation-loss.ts'
import { checkDistillation, weighed } from './distillation-result.ts'
import type {
  Distillation,
  Engine,
  EngineCounters,
  EvaluationResult,
  Moments,
  SampleOptions,
  StepRequest,
  StepResult,
  TokenBatch,
} from './engine.ts'
import { encode, type Losses, predict } from './forward.ts'
import { type Gradients, lossGradients } from './gradients.ts'
import type { ModelOps } from './model-ops.ts'
import { ParameterStore, type TensorAccess } from './parameter-store.ts'
import { philoxSite } from './philox.ts'
import { sampleText } from './sample-text.ts'

/** Contexts are padded to a multiple of this, so that growing text needs few shapes (and few compiled shaders). */
const SAMPLE_STRIDE = 64

export interface TfjsEngineOptions {
  /** Tokens of one forward pass without gradients; larger batches are evaluated in several passes. */
  readonly passTokens: number
  /** Throws what went wrong on the device since it was opened; asked after every result that is read back. */
  readonly assertHealthy?: () => void
  readonly access?: TensorAccess
}

/** V1 on TensorFlow.js tensors: one forward pass, tfjs' tape, and the operations it is given. */
export class TfjsEngine implements Engine {
  readonly config: ModelConfig
  readonly #ops: ModelOps
  readonly #store: ParameterStore
  readonly #rope: RopeCache
  readonly #passTokens: number
  readonly #assertHealthy: () => void
  #stepCount = 0

  constructor(config: ModelConfig, ops: ModelOps, options: TfjsEngineOptions) {
    this.config = config
    this.#ops = ops
    this.#passTokens = options.passTokens
    this.#assertHealthy = options.assertHealthy ?? (() => undefined)
    this.#store = new ParameterStore(config, options.access)
    this.#rope = new RopeCache(config)
  }

  get description(): string {
    return this.#ops.description
  }

  get stepCount(): number {
    return this.#stepCount
  }

  initialise(seed: number): Promise<void> {
    return this.#run(async () => {
      await this.#store.initialise(seed)
      this.#stepCount = 0
    })
  }

  writeTensor(name: string, values: Float32Array): void {
    this.#store.write(name, 'value', values)
  }

  readTensor(name: string): Promise<Float32Array> {
    return this.#run(() => this.#store.read(name, 'value'))
  }

  writeMoments(name: string, moments: Moments): void {
    this.#store.writeMoments(name, moments)
  }

  readMoments(name: string): Promise<Moments> {
    return this.#run(async () => ({
      m: await this.#store.read(name, 'm'),
      v: await this.#store.read(name, 'v'),
    }))
  }

  setStepCount(step: number): void {
    this.#stepCount = step
  }

  step(request: StepRequest): Promise<StepResult> {
    return this.#run(async () => {
      const step = this.#stepCount + 1
      const count = request.microBatches.length
      if (count === 0) throw new StudioError('bad-input', 'A step needs at least one micro-batch.')
      checkDistillation(this.config, request)
      const figures = tf.tidy(() => {
        const parts: Losses[] = []
        let gradients: tf.Tensor[] = []
        for (const index of request.microBatches.keys()) {
          const part = this.#microBatchGradients(request, step, index)
          gradients = addAll(gradients, part.gradients)
          parts.push(part)
        }
        const norm = this.#ops.sumOfSquares(gradients)
        this.#ops.adam(this.#store.trainable(), gradients, { learningRate: request.learningRate, step })
        const none = tf.scalar(0)
        const column = (name: keyof Losses) => parts.map((part) => part[name] ?? none)
        return tf.stack([
          ...column('crossEntropy'),
          ...column('sigreg'),
          ...column('embeddingError'),
          ...column('logitDivergence'),
          norm,
        ])
      })
      this.#stepCount = step
      const values = await readAndDispose(figures)
      const total = (column: number) => sum(values.subarray(column * count, (column + 1) * count))
      const gradientNorm = Math.sqrt(values[4 * count]!)
      const [crossEntropy, sigreg, error, divergence] = [total(0), total(1), total(2), total(3)]
      return {
        step,
        crossEntropy,
        sigreg,
        gradientNorm,
        ...weighed(request.distillation, crossEntropy + sigreg, error, divergence),
      }
    })
  }

  logits(batch: TokenBatch): Promise<Float32Array> {
    return this.#run(async () => {
      const { vocab } = this.config
      const logits = new Float32Array(batch.rows * batch.sequence * vocab)
      const perPass = Math.max(1, Math.floor(this.#passTokens / batch.sequence))
      for (let from = 0; from < batch.rows; from += perPass) {
        const part = sliceRows(batch, from, Math.min(batch.rows, from + perPass))
        const values = await readAndDispose(
          tf.tidy(() => {
            const parameters = (name: string) => this.#store.value(name)
            const hidden = encode(this.#ops, this.config, parameters, this.#upload(part))
            return predict(this.#ops, parameters, hidden).flatten()
          }),
        )
        logits.set(values, from * batch.sequence * vocab)
      }
      return logits
    })
  }

  evaluate(batch: TokenBatch, noise?: Float32Array): Promise<EvaluationResult> {
    return this.#run(async () => {
      const { rows } = batch
      const { dim } = this.config
      const perPass = Math.max(1, Math.floor(this.#passTokens / batch.sequence))
      const rowMeans = new Float32Array(rows * dim)
      let nats = 0
      let sigreg = 0
      for (let from = 0; from < rows; from += perPass) {
        const part = sliceRows(batch, from, Math.min(rows, from + perPass))
        const values = await readAndDispose(this.#evaluatePass(part, noise))
        nats += values[0]!
        sigreg += values[1]! * (part.rows / rows)
        rowMeans.set(values.subarray(2), from * dim)
      }
      return { nats, targets: countTargets(batch.targets), sigreg, rowMeans }
    })
  }

  sample(prompt: Uint8Array, options: SampleOptions): Promise<Uint8Array> {
    return this.#run(() => sampleText(prompt, options, (context) => this.#nextLogits(context)))
  }

  memoryBytes(): number {
    // On WebGPU the pool counts, with the buffers kept for reuse; other backends only know their tensors.
    const memory = tf.memory() as { numBytes: number; numBytesAllocatedInGPU?: number }
    return (memory.numBytesAllocatedInGPU ?? memory.numBytes) + this.#ops.scratchBytes()
  }

  counters(): EngineCounters {
    return this.#ops.counters()
  }

  dispose(): void {
    this.#store.dispose()
    this.#rope.dispose()
    this.#ops.dispose()
  }

  /** The work's result, or the device's own failure before any other error. */
  async #run<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work()
      this.#assertHealthy()
      return result
    } catch (error) {
      this.#assertHealthy()
      throw StudioError.from(error)
    }
  }

  /** Gradients of micro-batch `index`, already divided by the number of micro-batches. */
  #microBatchGradients(request: StepRequest, step: number, index: number): Gradients {
    const batch = request.microBatches[index]!
    const { seed, dropout: rate } = request
    const given = request.noise?.[index]
    const stream = { seed, step, microBatch: index, layer: 0, site: philoxSite.noise }
    const count = request.microBatches.length
    return lossGradients(this.#ops, this.config, this.#store, {
      ...this.#upload(batch),
      crossEntropyScale: 1 / (Math.max(1, countTargets(batch.targets)) * count),
      sigregScale: SIGREG_COEFFICIENT / count,
      noise: given ? this.#noiseTensor(given) : this.#ops.normalNoise(stream, this.config.dim),
      dropout: { rate, seed, step, microBatch: index },
      ...(request.distillation
        ? { distillation: this.#distillation(request.distillation, batch, index, count) }
        : {}),
    })
  }

  #distillation(given: Distillation, batch: TokenBatch, index: number, count: number): DistillationInput {
    const { alpha, teacherEmbeddings, logits } = given
    const shape: [number, number] = [batch.rows * batch.sequence, this.config.vocab]
    return {
      alpha,
      teacherEmbedding: tf.tensor1d(teacherEmbeddings[index]!),
      scale: 1 / count,
      ...(logits
        ? {
            logits: {
              weight: logits.weight,
              temperature: logits.temperature,
              teacherProbabilities: tf.tensor2d(logits.teacherProbabilities[index]!, shape),
              scale: 1 / (Math.max(1, countTargets(batch.targets)) * count),
            },
          }
        : {}),
    }
  }

  /** -> [2 + rows * dim]: nats, SIGReg, then the mean hidden state of each row. */
  #evaluatePass(batch: TokenBatch, noise: Float32Array | undefined): tf.Tensor1D {
    return tf.tidy(() => {
      const input = this.#upload(batch)
      const parameters = (name: string) => this.#store.value(name)
      const hidden = encode(this.#ops, this.config, parameters, input)
      const nats = this.#ops.crossEntropy(predict(this.#ops, parameters, hidden), input.targets, 1)
      const sigreg = noise
        ? this.#ops.sigreg(hidden, this.#noiseTensor(noise), SIGREG_COEFFICIENT)
        : tf.scalar(0)
      const means = hidden.reshape([batch.rows, batch.sequence, this.config.dim]).mean(1)
      return tf.concat([nats.reshape([1]), sigreg.reshape([1]), means.flatten()])
    })
  }

  /** Logits [vocab] after the last byte of a context of at most 1,024 bytes. */
  #nextLogits(context: Uint8Array): Promise<Float32Array> {
    const sequence = Math.ceil(context.length / SAMPLE_STRIDE) * SAMPLE_STRIDE
    const tokens = new Int32Array(sequence).fill(PAD)
    tokens.set(context)
    const logits = tf.tidy(() => {
      const parameters = (name: string) => this.#store.value(name)
      const input = this.#upload({ tokens, targets: tokens, rows: 1, sequence })
      const hidden = encode(this.#ops, this.config, parameters, input)
      return predict(this.#ops, parameters, hidden.slice([context.length - 1, 0], [1, -1])).flatten()
    })
    return readAndDispose(logits)
  }

  #upload(batch: TokenBatch) {
    return {
      tokens: tf.tensor1d(batch.tokens, 'int32'),
      targets: tf.tensor1d(batch.targets, 'int32'),
      rope: this.#rope.forBatch(batch),
      rows: batch.rows,
      sequence: batch.sequence,
    }
  }

  #noiseTensor(values: Float32Array): tf.Tensor2D {
    return tf.tensor2d(values, [this.config.dim, SIGREG_SLICES])
  }
}

function addAll(sums: tf.Tensor[], parts: tf.Tensor[]): tf.Tensor[] {
  return parts.map((part, index) => {
    const sum = sums[index]
    if (sum === undefined) return part
    const added = sum.add(part)
    tf.dispose([sum, part])
    return added
  })
}

function sum(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0)
}

async function readAndDispose(tensor: tf.Tensor): Promise<Float32Array> {
  try {
    return await tensor.data<'float32'>()
  } finally {
    tensor.dispose()
  }
}
