import type { Moments } from '../engine.ts'
import { ADAM_8BIT_BLOCK } from '../ops/adam-8bit/adam-8bit.ts'
import { type ModelRegions, spanSlice } from './model-regions.ts'
import { decodeMoments, encodeMoments } from './moment-codes.ts'
import type { BlockName, ParameterPlace } from './parameter-layout.ts'

/** Reads `bytes` from a region's buffer. */
export type ReadBack = (buffer: GPUBuffer, offset: number, bytes: number) => Promise<ArrayBuffer>

/**
 * 8-bit moments as f32 for checkpoints. A block of 256 values may belong to two tensors, so what is written waits here until
 * a whole block of the model is there and goes to the device encoded.
 */
export class EightBitMoments {
  readonly #model: ModelRegions
  readonly #bufferOf: (slot: 'm' | 'v' | 'scales', index: number) => GPUBuffer
  readonly #queue: GPUQueue
  readonly #waiting = new Map<
    BlockName,
    { spans: { m: Float32Array; v: Float32Array }[]; missing: Set<string> }
  >()

  constructor(
    model: ModelRegions,
    queue: GPUQueue,
    bufferOf: (slot: 'm' | 'v' | 'scales', index: number) => GPUBuffer,
  ) {
    this.#model = model
    this.#queue = queue
    this.#bufferOf = bufferOf
  }

  write(name: string, place: ParameterPlace, { m, v }: Moments): void {
    const { layout } = this.#model
    const block = layout.blocks.find((entry) => entry.name === place.block)!
    let waiting = this.#waiting.get(block.name)
    if (!waiting) {
      const members = layout.table.filter((entry) => layout.places.get(entry.name)!.block === block.name)
      const zeros = (bytes: number) => new Float32Array(bytes / 4)
      waiting = {
        spans: block.spans.map(({ bytes }) => ({ m: zeros(bytes), v: zeros(bytes) })),
        missing: new Set(members.map((entry) => entry.name)),
      }
      this.#waiting.set(block.name, waiting)
    }
    const span = waiting.spans[place.span]!
    span.m.set(m, place.spanOffset / 4)
    span.v.set(v, place.spanOffset / 4)
    waiting.missing.delete(name)
    if (waiting.missing.size > 0) return
    this.#waiting.delete(block.name)
    for (const [index, values] of waiting.spans.entries()) {
      const codes = encodeMoments(values.m, values.v)
      for (const slot of ['m', 'v', 'scales'] as const) {
        const { offset } = spanSlice(this.#model, slot, block, index)
        const buffer = this.#bufferOf(slot, block.spans[index]!.slab)
        this.#queue.writeBuffer(buffer, offset, codes[slot])
      }
    }
  }

  async read(place: ParameterPlace, size: number, readBack: ReadBack): Promise<Moments> {
    const block = this.#model.layout.blocks.find(({ name }) => name === place.block)!
    const first = place.spanOffset / 4
    const firstBlock = Math.floor(first / ADAM_8BIT_BLOCK)
    const blocks = Math.ceil((first + size) / ADAM_8BIT_BLOCK) - firstBlock
    const part = async (slot: 'm' | 'v' | 'scales', from: number, bytes: number) => {
      const { offset } = spanSlice(this.#model, slot, block, place.span)
      return readBack(this.#bufferOf(slot, place.slab), offset + from, bytes)
    }
    const codes = {
      m: new Uint8Array(await part('m', first, size)),
      v: new Uint8Array(await part('v', first, size)),
      scales: new Float32Array(await part('scales', 8 * firstBlock, 8 * blocks)),
    }
    return decodeMoments(codes, first % ADAM_8BIT_BLOCK, size)
  }
}
