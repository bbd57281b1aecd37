import type { Copy, RunExtras } from '../../gpu/kernel-runner.ts'
import type { Slice } from '../../gpu/schedule.ts'
import type { BoundPlan, Reading } from './bound-plan.ts'
import type { HostMoments } from './host-moments.ts'
import type { LayeredPlan, Segment, SlotLayout } from './layered-plan.ts'
import type { BlockName, ParameterLayout } from './parameter-layout.ts'
import type { StepState } from './step-state.ts'

/** One micro-batch of a step, as the executor needs it. */
export interface LayeredBatch {
  readonly state: StepState
  /** Writes what one part of the step reads; the tables of explicit positions for the parts that run every layer. */
  writeTokens(): void
  writeTargets(): void
  writeOrder(): void
  writeTables(): void
}

/** What the optimizer inside the backward pass needs; absent where all gradients are kept. */
export interface InnerOptimizer {
  readonly layout: ParameterLayout
  readonly gradients: readonly GPUBuffer[]
  readonly host: HostMoments | undefined
}

interface StoredSlot {
  readonly store: GPUBuffer
  readonly at: number
  readonly bytes: number
}

/** Runs the parts of a layered plan in order. */
export class LayeredStep {
  readonly #bound: BoundPlan<LayeredPlan>
  readonly #layers: number
  readonly #signal: AbortSignal | undefined
  #changesWeights = false

  constructor(bound: BoundPlan<LayeredPlan>, signal?: AbortSignal) {
    this.#bound = bound
    this.#layers = bound.plan.segments.forward.length
    this.#signal = signal
  }

  /** Gradients of one micro-batch, added to those of earlier ones; `last` ends the run with other plans and readings. */
  async runBatch(batch: LayeredBatch, last?: readonly BoundPlan[]): Promise<Reading | undefined> {
    await this.#embed(batch, 0)
    for (let layer = 0; layer < this.#layers; layer += 1) await this.#forward(batch, layer, 0)
    await this.#head(batch, 0)
    for (let layer = this.#layers - 1; layer >= 0; layer -= 1) await this.#backward(batch, layer, 0)
    batch.writeOrder()
    const { embedBackward } = this.#bound.plan.segments
    const extras = { before: [this.#loadGradient(0)], signal: this.#signal }
    if (last) return this.#bound.runAndRead(batch.state, embedBackward, extras, last)
    await this.#bound.run(batch.state, embedBackward, extras)
    return undefined
  }

  /** All micro-batches through one layer after the other; each block takes its Adam step as soon as it can. */
  async runLayers(batches: readonly LayeredBatch[], optimizer: InnerOptimizer): Promise<Reading> {
    for (const [index, batch] of batches.entries()) await this.#embed(batch, index)
    for (let layer = 0; layer < this.#layers; layer += 1) {
      for (const [index, batch] of batches.entries()) await this.#forward(batch, layer, index)
    }
    const { state } = batches[0]!
    const block = async (
      name: BlockName,
      run: (batch: LayeredBatch, index: number, extras: RunExtras) => Promise<void>,
    ) => {
      for (const [index, batch] of batches.entries()) {
        // A block leaves its gaps alone, where another block's gradients were; Adam would take them for its own.
        await run(batch, index, index === 0 ? { clear: optimizer.gradients } : {})
      }
      await this.#optimize(state, name, optimizer)
    }
    await block('head', (batch, index, extras) => this.#head(batch, index, extras))
    for (let layer = this.#layers - 1; layer >= 0; layer -= 1) {
      await block(`layer ${layer}`, (batch, index, extras) => this.#backward(batch, layer, index, extras))
    }
    const { embedBackward, norm } = this.#bound.plan.segments
    await block('embedding', (batch, index, extras) => {
      batch.writeOrder()
      return this.#run(batch, embedBackward, { ...extras, before: [this.#loadGradient(index)] })
    })
    return this.#bound.runAndRead(state, norm)
  }

  async #embed(batch: LayeredBatch, index: number): Promise<void> {
    batch.writeTokens()
    await this.#run(batch, this.#bound.plan.segments.embed, { after: [this.#saveInput(0, index)] })
  }

  async #forward(batch: LayeredBatch, layer: number, index: number): Promise<void> {
    batch.writeTables()
    await this.#run(batch, this.#bound.plan.segments.forward[layer]!, {
      before: [this.#loadInput(layer, index)],
      after: [this.#saveInput(layer + 1, index)],
    })
  }

  /** Leaves the gradient of the last layer's output where that output was. */
  async #head(batch: LayeredBatch, index: number, extras: RunExtras = {}): Promise<void> {
    batch.writeTargets()
    const copies = { before: [this.#loadInput(this.#layers, index)], after: [this.#saveGradient(index)] }
    await this.#run(batch, this.#bound.plan.segments.head, { ...extras, ...copies })
  }

  async #backward(batch: LayeredBatch, layer: number, index: number, extras: RunExtras = {}): Promise<void> {
    batch.writeTables()
    const before = [this.#loadInput(layer, index), this.#loadGradient(index)]
    const segment = this.#bound.plan.segments.backward[layer]!
    await this.#run(batch, segment, { ...extras, before, after: [this.#saveGradient(index)] })
  }

  async #optimize(
    state: StepState,
    name: BlockName,
    { layout, host }: Pick<InnerOptimizer, 'layout' | 'host'>,
  ): Promise<void> {
    const index = layout.blocks.findIndex((block) => block.name === name)
    const segment = this.#bound.plan.segments.optimizer[index]!
    this.#changesWeights = true
    if (!host) return this.#bound.run(state, segment)
    await host.upload(name)
    const { copies, submitted } = await host.download(name)
    await this.#bound.run(state, segment, { after: copies })
    submitted()
  }

  /** Can be cancelled until the first weights have changed; from then on the step is finished. */
  #run(batch: LayeredBatch, segment: Segment, extras: RunExtras): Promise<void> {
    const signal = this.#changesWeights ? undefined : this.#signal
    return this.#bound.run(batch.state, segment, { ...extras, signal })
  }

  #loadInput(layer: number, index: number): Copy {
    return this.#load(this.#bound.plan.xIn, this.#input(layer, index))
  }

  #saveInput(layer: number, index: number): Copy {
    return this.#save(this.#bound.plan.saved, this.#input(layer, index))
  }

  #loadGradient(index: number): Copy {
    return this.#load(this.#bound.plan.dyIn, this.#gradient(index))
  }

  #saveGradient(index: number): Copy {
    return this.#save(this.#bound.plan.xOut, this.#gradient(index))
  }

  #input(layer: number, index: number): StoredSlot {
    return this.#stored(this.#bound.plan.slots, index * (this.#layers + 1) + layer)
  }

  #gradient(index: number): StoredSlot {
    const { gradientSlots } = this.#bound.plan
    return gradientSlots ? this.#stored(gradientSlots, index) : this.#input(this.#layers, index)
  }

  #load(slice: Slice, { store, at, bytes }: StoredSlot): Copy {
    const { buffer, offset } = this.#bound.place(slice)
    return { from: store, fromOffset: at, to: buffer, toOffset: offset, bytes }
  }

  #save(slice: Slice, { store, at, bytes }: StoredSlot): Copy {
    const { buffer, offset } = this.#bound.place(slice)
    return { from: buffer, fromOffset: offset, to: store, toOffset: at, bytes }
  }

  #stored({ firstStore, perStore, slotBytes }: SlotLayout, slot: number): StoredSlot {
    const store = this.#bound.store(firstStore + Math.floor(slot / perStore))
    return { store, at: (slot % perStore) * slotBytes, bytes: slotBytes }
  }
}
