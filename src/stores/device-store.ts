import { createStore } from 'zustand/vanilla'
import type { DeviceReport } from '../worker/protocol.ts'

/** What computes here. `unknown` until the worker has looked. */
export type DeviceState =
  | { readonly status: 'unknown' }
  | { readonly status: 'ready'; readonly report: DeviceReport }
  | { readonly status: 'missing'; readonly report: DeviceReport }

export const createDeviceStore = () => createStore<DeviceState>(() => ({ status: 'unknown' }))
