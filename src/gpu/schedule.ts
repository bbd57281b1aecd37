import { boundNames, type Kernel } from './kernel.ts'
import type { KernelConstants } from './wgsl-template.ts'

/**
 * Device memory that a schedule names before it exists. `scratch` lives from its first to its last dispatch and
 * shares a buffer with regions that live at other times; `kept` is there during the whole schedule (what the CPU
 * writes or reads back); `external` is given when the schedule is bound.
 */
export interface Region {
  readonly label: string
  readonly bytes: number
  readonly life: 'scratch' | 'kept' | 'external'
}

/** A part of a region. Offsets are multiples of 256, which every device takes. */
export interface Slice {
  readonly region: Region
  readonly offset: number
  readonly bytes: number
}

/** A parameter: fixed when the schedule is made, or taken from the state of each run. */
export type Value<State> = number | ((state: State) => number)

/** One call of a kernel. Slices by binding name; one left out is not declared in the shader. */
export interface ScheduledCall<State, Binding extends string = string, Parameter extends string = string> {
  readonly slices: Readonly<Partial<Record<Binding, Slice>>>
  readonly params: Readonly<Record<Parameter, Value<State>>>
  /** Of a kernel whose unit is the group: groups times the threads of one. */
  readonly threads: number
  readonly constants?: KernelConstants
  /** What a profile calls it, where the kernel's name does not say enough. */
  readonly label?: string
}

export interface ScheduledDispatch<State> extends ScheduledCall<State> {
  readonly kernel: Kernel
  /** Names of the bindings in the order of the shader. */
  readonly bound: readonly string[]
}

/** Dispatches in order with the memory they need; nothing of it is on a device yet. */
export class Schedule<State> {
  readonly dispatches: ScheduledDispatch<State>[] = []

  scratch(label: string, bytes: number): Slice {
    return wholeRegion({ label, bytes, life: 'scratch' })
  }

  kept(label: string, bytes: number): Slice {
    return wholeRegion({ label, bytes, life: 'kept' })
  }

  /** Appends a dispatch. Throws an Error where it would read and write one region, which WebGPU forbids. */
  add<Binding extends string, Parameter extends string>(
    kernel: Kernel<Binding, Parameter>,
    call: ScheduledCall<State, Binding, Parameter>,
  ): void {
    const bound = boundNames(kernel, call.slices)
    const regions = (read: boolean) =>
      bound
        .filter((name) => kernel.bindings[name as Binding].startsWith('read ') === read)
        .map((name) => call.slices[name as Binding]!.region)
    const written = regions(false)
    const shared = regions(true).find((region) => written.includes(region))
    if (shared) throw new Error(`${kernel.name} reads and writes ${shared.label}.`)
    this.dispatches.push({ ...(call as ScheduledCall<State>), kernel, bound })
  }
}

export function wholeRegion(region: Region): Slice {
  return { region, offset: 0, bytes: region.bytes }
}
