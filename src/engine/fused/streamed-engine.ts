import type { KernelRunner } from '../../gpu/kernel-runner.ts'
import { adapterName } from '../../gpu/open-device.ts'
import type { Region } from '../../gpu/schedule.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { ModelConfig } from '../../model/model-config.ts'
import { countTargets, sliceRows } from '../batch-input.ts'
import type { EvaluationResult, ForwardEngine, TokenBatch } from '../engine.ts'
import { uploadTables } from './batch-upload.ts'
import { BoundPlan } from './bound-plan.ts'
import { defaultKernelSet, type KernelSet } from './kernel-set.ts'
import type { Segment } from './layered-plan.ts'
import { FIGURES, type ModelRegions, modelRegions } from './model-regions.ts'
import { type BlockName, parameterLayout } from './parameter-layout.ts'
import { restingState } from './step-state.ts'
import { planStreamed, type StreamedPlan } from './streamed-plan.ts'
import { slabLimit } from './training-memory.ts'

/** Values of a tensor by its canonical name, such as a file of the vault gives them. */
export type TensorSource = (name: string) => Promise<Float32Array>

/** Rows that go through a block together: each block is read once for so many. */
const ROWS_AT_ONCE = 32
const STORAGE = 0x80 | 0x8 | 0x4 // STORAGE | COPY_DST | COPY_SRC

interface BlockValues {
  readonly name: string
  readonly values: Float32Array
}

/**
 * Plan E: forward passes of a model of which one layer is on the device at a time, read from the source again for every
 * 32 rows. Weights, hidden states and work of V1 stay below 1.5 GB.
 */
export class StreamedEngine implements ForwardEngine {
  readonly config: ModelConfig
  readonly #runner: KernelRunner
  readonly #source: TensorSource
  readonly #kernels: KernelSet
  readonly #model: ModelRegions
  readonly #buffers = new Map<Region, GPUBuffer>()
  #bound: { readonly key: string; readonly plan: BoundPlan<StreamedPlan> } | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(config: ModelConfig, runner: KernelRunner, source: TensorSource, kernels?: KernelSet) {
    this.config = config
    this.#runner = runner
    this.#source = source
    this.#kernels = kernels ?? defaultKernelSet
    const layout = parameterLayout(config, slabLimit(runner.gpu.device.limits))
    this.#model = modelRegions(layout, { values: 'block', gradients: 'block', moments: 'block' })
  }

  get description(): string {
    return `WebGPU, ${adapterName(this.#runner.gpu.adapterInfo)}, one layer at a time`
  }

  evaluate(batch: TokenBatch, noise?: Float32Array): Promise<EvaluationResult> {
    const result = this.#last.then(() => this.#evaluate(batch, noise))
    this.#last = result.catch(() => undefined)
    return result
  }

  memoryBytes(): number {
    const shared = [...this.#buffers.values()].reduce((sum, { size }) => sum + size, 0)
    return shared + (this.#bound?.plan.plan.bytes ?? 0)
  }

  dispose(): void {
    this.#bound?.plan.dispose()
    this.#bound = undefined
    for (const buffer of this.#buffers.values()) buffer.destroy()
    this.#buffers.clear()
  }

  async #evaluate(batch: TokenBatch, noise?: Float32Array): Promise<EvaluationResult> {
    const { dim } = this.config
    const { rows, sequence } = batch
    const plan = await this.#plan(sequence, batch.positions !== undefined, noise !== undefined)
    const rowMeans = new Float32Array(rows * dim)
    let [nats, sigreg] = [0, 0]
    for (let from = 0; from < rows; from += ROWS_AT_ONCE) {
      const count = Math.min(ROWS_AT_ONCE, rows - from)
      const parts = Array.from({ length: count }, (_, row) => sliceRows(batch, from + row, from + row + 1))
      for (const [row, values] of (await this.#forward(plan, parts, noise)).entries()) {
        nats += values[0]!
        if (noise) sigreg += values[1]! / rows
        rowMeans.set(values.subarray(FIGURES), (from + row) * dim)
      }
    }
    this.#runner.gpu.assertHealthy()
    return { nats, targets: countTargets(batch.targets), sigreg, rowMeans }
  }

  /** Figures and mean hidden state of each row. */
  async #forward(
    plan: BoundPlan<StreamedPlan>,
    rows: readonly TokenBatch[],
    noise?: Float32Array,
  ): Promise<Float32Array[]> {
    const { blocks } = this.#model.layout
    const results: Float32Array[] = []
    if (noise) plan.write('noise', noise)
    let next = this.#read(blocks[0]!.name)
    for (const [index, { name }] of blocks.entries()) {
      this.#put(await next)
      const following = blocks[index + 1]
      // The next block is read while the device computes this one.
      next = following ? this.#read(following.name) : Promise.resolve([])
      next.catch(() => undefined)
      for (const [row, batch] of rows.entries()) {
        if (name === 'embedding') {
          plan.write('tokens', batch.tokens)
          await this.#run(plan, plan.plan.embed, row, false, true)
        } else if (name !== 'head') {
          uploadTables(plan, batch, this.config)
          await this.#run(plan, plan.plan.layer, row, true, true)
        } else {
          plan.write('targets', batch.targets)
          const before = [this.#copy(plan, row, 'in')]
          results.push(await (await plan.runAndRead(restingState, plan.plan.head, { before })).values)
        }
      }
    }
    return results
  }

  #run(
    plan: BoundPlan<StreamedPlan>,
    segment: Segment,
    row: number,
    reads: boolean,
    writes: boolean,
  ): Promise<void> {
    return plan.run(restingState, segment, {
      before: reads ? [this.#copy(plan, row, 'in')] : [],
      after: writes ? [this.#copy(plan, row, 'out')] : [],
    })
  }

  #copy(plan: BoundPlan<StreamedPlan>, row: number, direction: 'in' | 'out') {
    const { xIn, xOut, slotBytes: bytes } = plan.plan
    const { buffer, offset } = plan.place(direction === 'in' ? xIn : xOut)
    const stream = { from: buffer, fromOffset: offset, to: buffer, toOffset: offset, bytes }
    const store = plan.store(row)
    return direction === 'in'
      ? { ...stream, from: store, fromOffset: 0 }
      : { ...stream, to: store, toOffset: 0 }
  }

  async #read(block: BlockName): Promise<readonly BlockValues[]> {
    const { table, places } = this.#model.layout
    const members = table.filter(({ name }) => places.get(name)!.block === block)
    const result: BlockValues[] = []
    for (const { name, size } of members) {
      const values = await this.#source(name)
      if (values.length !== size) {
        throw new StudioError('bad-input', `${name} has ${values.length} values instead of ${size}.`, {
          hint: 'These weights belong to another model config.',
        })
      }
      result.push({ name, values })
    }
    return result
  }

  /** Takes the place of the block before, once the work that was submitted with it is done. */
  #put(block: readonly BlockValues[]): void {
    for (const { name, values } of block) {
      const { span, spanOffset } = this.#model.layout.places.get(name)!
      const buffer = this.#buffers.get(this.#model.values[span]!)!
      this.#runner.gpu.device.queue.writeBuffer(buffer, spanOffset, values as Float32Array<ArrayBuffer>)
    }
  }

  async #plan(sequence: number, positions: boolean, givenNoise: boolean): Promise<BoundPlan<StreamedPlan>> {
    const key = `${sequence} ${positions} ${givenNoise}`
    if (this.#bound?.key === key) return this.#bound.plan
    this.#bound?.plan.dispose()
    this.#bound = undefined
    const shape = { rows: 1, sequence, dropout: false, positions }
    const options = { kernels: this.#kernels }
    const plan = await BoundPlan.create(
      this.#runner,
      planStreamed(this.config, this.#model, shape, ROWS_AT_ONCE, givenNoise, options),
      {
        bufferOf: (region) => this.#buffers.get(region),
        create: (regions) => this.#create(regions),
        forget: (buffers) => {
          for (const [region, buffer] of this.#buffers)
            if (buffers.includes(buffer)) this.#buffers.delete(region)
        },
      },
    )
    this.#bound = { key, plan }
    return plan
  }

  #create(regions: Iterable<Region>): GPUBuffer[] {
    const made: GPUBuffer[] = []
    for (const region of regions) {
      if (this.#buffers.has(region)) continue
      const { label, bytes: size } = region
      const buffer = this.#runner.gpu.device.createBuffer({ label, size, usage: STORAGE })
      this.#buffers.set(region, buffer)
      made.push(buffer)
    }
    return made
  }
}
