import type { ModelConfig } from '../model/model-config.ts'

/** Rows of tokens for one micro-batch, row-major [rows, sequence]. */
export interface TokenBatch {
  readonly tokens: Int32Array
  readonly targets: Int32Array
  /** Absent: positions 0..sequence-1 in every row (the training contract). */
  readonly positions?: Int32Array
  readonly rows: number
  readonly sequence: number
}

/**
 * Pulls the embedding of a micro-batch (mean of its final hidden states over all positions, PAD included) toward a
 * teacher's: loss = alpha * (cross-entropy + SIGReg) + (1 - alpha) * mean((student - teacher)^2).
 */
export interface Distillation {
  /** Weight of the task, 0 to 1. */
  readonly alpha: number
  /** What the teacher makes of each micro-batch, without dropout and at the same positions, [dim]. */
  readonly teacherEmbeddings: readonly Float32Array[]
  /** Besides, pulls the predictions; engines without it refuse with 'unsupported'. */
  readonly logits?: LogitDistillation
}

/**
 * Adds (1 - alpha) * weight * temperature^2 * KL(teacher || student), both softened by the temperature, averaged over
 * targets that are not PAD. The square keeps the gradient's size independent of the temperature.
 */
export interface LogitDistillation {
  readonly weight: number
  readonly temperature: number
  /** softmax(teacher logits / temperature) of each micro-batch, [rows * sequence, vocab]. */
  readonly teacherProbabilities: readonly Float32Array[]
}

/** One optimizer step. What a micro-batch means (CE mean, noise draw) never depends on the schedule. */
export interface StepRequest {
  readonly microBatches: readonly TokenBatch[]
  readonly learningRate: number
  /** Probability that a value is dropped, 0 <= dropout < 1. */
  readonly dropout: number
  /** Keys Philox together with the step and the micro-batch number. */
  readonly seed: number
  /** Explicit SIGReg noise [dim, 256] per micro-batch, for parity tests. */
  readonly noise?: readonly Float32Array[]
  readonly distillation?: Distillation
  /** Rejects with 'cancelled' between two submits, unless the weights have already begun to change. */
  readonly signal?: AbortSignal
}

/** Losses in nats, averaged over micro-batches; sigreg includes its coefficient 0.02. Parts are without alpha. */
export interface StepResult {
  /** 1 for the first step of the optimizer. */
  readonly step: number
  readonly loss: number
  readonly crossEntropy: number
  readonly sigreg: number
  /** mean((student - teacher)^2) over the embedding, where the step distils. */
  readonly embeddingError?: number
  /** KL divergence of the softened predictions, nats, without weight and temperature^2, where the step distils them. */
  readonly logitDivergence?: number
  /** L2 norm over all parameters, of the averaged gradient. */
  readonly gradientNorm: number
}

export interface EvaluationResult {
  /** Sum of -log p over targets that are not PAD, in nats. */
  readonly nats: number
  /** Number of those targets. */
  readonly targets: number
  /** Including its coefficient 0.02; 0 where no noise was given. */
  readonly sigreg: number
  /** Mean of the final hidden states of each row over all its positions, [rows, dim]. */
  readonly rowMeans: Float32Array
}

/** Adam's state for one tensor; both have the tensor's length. */
export interface Moments {
  readonly m: Float32Array
  readonly v: Float32Array
}

/** Reports of what the device did, counted, never timed. */
export interface EngineCounters {
  readonly dispatches: number
  readonly submits: number
}

/**
 * V1 on one device. Tensors cross as f32 in the canonical layout (linear weights [in, out]) and under
 * the canonical names. Every method rejects with a StudioError; after 'device-lost' only dispose is valid.
 */
export interface Engine {
  readonly config: ModelConfig
  /** What computes, for the screen: adapter name and engine kind. */
  readonly description: string
  /** Optimizer steps done. */
  readonly stepCount: number

  /** Fresh weights from a seed (the same on every device) and zero moments. */
  initialise(seed: number): Promise<void>
  writeTensor(name: string, values: Float32Array): void
  readTensor(name: string): Promise<Float32Array>
  writeMoments(name: string, moments: Moments): void
  readMoments(name: string): Promise<Moments>
  setStepCount(step: number): void

  step(request: StepRequest): Promise<StepResult>
  /** Forward without dropout. `noise` [dim, 256] adds SIGReg. */
  evaluate(batch: TokenBatch, noise?: Float32Array): Promise<EvaluationResult>
  /** Logits [rows * sequence, vocab] without dropout; absent where the engine does not give them out. */
  logits?(batch: TokenBatch): Promise<Float32Array>
  /** Bytes that continue the prompt; the context is cut to the last 1,024 bytes. Greedy at temperature 0. */
  sample(prompt: Uint8Array, options: SampleOptions): Promise<Uint8Array>

  /** Bytes on the device now, weights and moments and scratch together. */
  memoryBytes(): number
  counters(): EngineCounters
  dispose(): void
}

/** What forward passes without gradients need; a model that is too large to be held whole has this alone. */
export type ForwardEngine = Pick<
  Engine,
  'config' | 'description' | 'evaluate' | 'logits' | 'memoryBytes' | 'dispose'
>

export interface SampleOptions {
  readonly length: number
  readonly temperature: number
  readonly seed: number
  readonly signal?: AbortSignal
  /** Called with each new byte. */
  readonly onByte?: (byte: number) => void
}
