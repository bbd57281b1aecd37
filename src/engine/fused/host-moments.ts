import type { Copy } from '../../gpu/kernel-runner.ts'
import type { BlockName, ParameterLayout, ParameterPlace } from './parameter-layout.ts'

type Moment = 'm' | 'v'
const moments: readonly Moment[] = ['m', 'v']
const STAGING = 0x1 | 0x8 // MAP_READ | COPY_DST
/** Blocks that may be on their way back at a time: one is copied while the next one is computed. */
const BLOCKS_AHEAD = 2

/**
 * Adam's moments in the memory of the host, f32, a span of a block at a time on the device. Zero until written; a block
 * that was downloaded is read only after `settled`.
 */
export class HostMoments {
  readonly #device: GPUDevice
  readonly #values: ReadonlyMap<BlockName, Readonly<Record<Moment, readonly Float32Array<ArrayBuffer>[]>>>
  readonly #buffers: Readonly<Record<Moment, readonly GPUBuffer[]>>
  readonly #staging: GPUBuffer[]
  readonly #bytes: number
  readonly #downloads = new Map<BlockName, Promise<void>>()

  /** `buffers` hold one block, a buffer for each span. */
  constructor(device: GPUDevice, layout: ParameterLayout, buffers: Record<Moment, readonly GPUBuffer[]>) {
    this.#device = device
    this.#buffers = buffers
    this.#values = new Map(
      layout.blocks.map(({ name, spans }) => {
        const zeros = () => spans.map(({ bytes }) => new Float32Array(bytes / 4))
        return [name, { m: zeros(), v: zeros() }]
      }),
    )
    this.#bytes = stagingBytes(layout)
    this.#staging = Array.from({ length: BLOCKS_AHEAD }, () =>
      device.createBuffer({ label: 'moments readback', size: this.#bytes, usage: STAGING }),
    )
  }

  /** The new buffers of the constructor, for the account of memory. */
  get staging(): readonly GPUBuffer[] {
    return this.#staging
  }

  /** Puts a block's moments on the device for work that is submitted from now on. */
  async upload(block: BlockName): Promise<void> {
    await this.#downloads.get(block)
    const values = this.#values.get(block)!
    for (const moment of moments) {
      values[moment].forEach((span, index) => {
        this.#device.queue.writeBuffer(this.#buffers[moment][index]!, 0, span)
      })
    }
  }

  /** A free readback buffer and the copies into it that the submit which changes the block must end with. */
  async download(block: BlockName): Promise<{ copies: Copy[]; submitted: () => void }> {
    while (this.#staging.length === 0) await Promise.race(this.#downloads.values())
    const staging = this.#staging.pop()!
    const values = this.#values.get(block)!
    const copies: Copy[] = []
    const targets: { span: Float32Array; at: number }[] = []
    let at = 0
    for (const moment of moments) {
      values[moment].forEach((span, index) => {
        const bytes = span.byteLength
        copies.push({ from: this.#buffers[moment][index]!, fromOffset: 0, to: staging, toOffset: at, bytes })
        targets.push({ span, at })
        at += bytes
      })
    }
    const read = async () => {
      await staging.mapAsync(GPUMapMode.READ, 0, at)
      const content = staging.getMappedRange(0, at)
      for (const { span, at: from } of targets) span.set(new Float32Array(content, from, span.length))
      staging.unmap()
      this.#staging.push(staging)
    }
    const submitted = () => {
      const done = read()
      this.#downloads.set(block, done)
      // A failure stays in the map, for whoever needs the block next.
      void done.then(
        () => this.#downloads.delete(block),
        () => undefined,
      )
    }
    return { copies, submitted }
  }

  /** Resolves when every download has arrived; rejects where one failed. */
  async settled(): Promise<void> {
    await Promise.all(this.#downloads.values())
  }

  read(moment: Moment, place: ParameterPlace): Float32Array {
    return this.#span(moment, place).slice()
  }

  write(moment: Moment, place: ParameterPlace, values: Float32Array): void {
    this.#span(moment, place).set(values)
  }

  clear(): void {
    for (const block of this.#values.values()) {
      for (const moment of moments) for (const span of block[moment]) span.fill(0)
    }
  }

  dispose(): void {
    for (const buffer of this.#staging) buffer.destroy()
  }

  #span(moment: Moment, { block, span, spanOffset, bytes }: ParameterPlace): Float32Array {
    const values = this.#values.get(block)![moment][span]!
    return values.subarray(spanOffset / 4, (spanOffset + bytes) / 4)
  }
}

/** Bytes of both moments of the largest block. */
function stagingBytes({ blocks }: ParameterLayout): number {
  return Math.max(...blocks.map(({ spans }) => 2 * spans.reduce((sum, { bytes }) => sum + bytes, 0)))
}

/** Bytes on the device of all readback buffers. */
export function hostMomentsBytes(layout: ParameterLayout): number {
  return BLOCKS_AHEAD * stagingBytes(layout)
}
