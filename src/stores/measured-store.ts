import { createStore } from 'zustand/vanilla'
import type { ConfigName } from '../model/model-config.ts'
import type { MemoryPlanReport } from '../worker/protocol.ts'

/** How fast a run trained, and what decides that. */
export interface Pace {
  /** The device's description. */
  readonly device: string
  readonly config: ConfigName
  readonly sequence: number
  readonly microBatch: number
  readonly accumulation: number
  readonly hasDropout: boolean
  readonly plan: MemoryPlanReport['name']
  readonly layerInputBits: 16 | 32
  /** Whether f16 operands were asked for. */
  readonly half: boolean
  /** Of an optimizer step, averaged over `steps` of them. */
  readonly seconds: number
  readonly steps: number
  readonly run: string
  /** Wall clock, ms. */
  readonly at: number
}

/** What runs found out about the memory of a device, which no browser tells. */
export interface DeviceMemory {
  readonly device: string
  /** The most bytes that a run has held. */
  readonly held: number
  /** The fewest bytes above that which the device had no room for, and when; null where it never refused. */
  readonly refused: { readonly bytes: number; readonly at: number } | null
}

/** What earlier runs have shown of the devices of this browser; remembered between visits. */
export interface MeasuredState {
  /** Newest first, one of each shape. */
  readonly paces: readonly Pace[]
  readonly memory: readonly DeviceMemory[]
}

const MOST_PACES = 40
const MOST_DEVICES = 8

export const createMeasuredStore = () => createStore<MeasuredState>(() => ({ paces: [], memory: [] }))

/** Whether two paces are of the same work on the same device. */
export function isSameWork(a: Omit<Pace, 'seconds'>, b: Omit<Pace, 'seconds'>): boolean {
  const keys = ['device', 'config', 'sequence', 'microBatch', 'accumulation', 'hasDropout', 'plan'] as const
  return keys.every((key) => a[key] === b[key]) && a.layerInputBits === b.layerInputBits && a.half === b.half
}

export function withPace(paces: readonly Pace[], pace: Pace): readonly Pace[] {
  return [pace, ...paces.filter((other) => !isSameWork(other, pace))].slice(0, MOST_PACES)
}

/** A device that holds what it refused once had other things to hold then. */
export function withHeld(memory: readonly DeviceMemory[], device: string, bytes: number) {
  return changed(memory, device, ({ held, refused }) => ({
    held: Math.max(held, bytes),
    refused: refused && refused.bytes > Math.max(held, bytes) ? refused : null,
  }))
}

export function withRefused(memory: readonly DeviceMemory[], device: string, bytes: number, at: number) {
  return changed(memory, device, ({ held, refused }) => ({
    // It may hold less now than it did then.
    held: Math.min(held, bytes),
    refused: refused && refused.bytes < bytes ? refused : { bytes, at },
  }))
}

function changed(
  memory: readonly DeviceMemory[],
  device: string,
  change: (before: DeviceMemory) => Omit<DeviceMemory, 'device'>,
): readonly DeviceMemory[] {
  const before = memory.find((one) => one.device === device) ?? { device, held: 0, refused: null }
  const others = memory.filter((one) => one.device !== device)
  return [{ device, ...change(before) }, ...others].slice(0, MOST_DEVICES)
}

/** Whether what an earlier visit stored is of this version. */
export function isMeasured({ paces, memory }: MeasuredState): boolean {
  return (
    Array.isArray(paces) &&
    paces.every(({ device, seconds, steps }) => typeof device === 'string' && seconds > 0 && steps > 0) &&
    Array.isArray(memory) &&
    memory.every(({ device, held }) => typeof device === 'string' && held >= 0)
  )
}
