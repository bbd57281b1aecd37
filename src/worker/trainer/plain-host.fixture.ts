import { createReferenceEngine } from '../../engine/create-reference-engine.ts'
import { defaultKernelSet } from '../../engine/fused/kernel-set.ts'
import { parameterTable } from '../../model/parameter-table.ts'
import type { EngineHost } from './open-engine.ts'

const notAsked = () => Promise.reject(new Error('not asked'))

/** What a session computes with where there is no device: the plain engine. */
export const plainHost: EngineHost = {
  open: async (config) => createReferenceEngine(config),
  async openForward(config, source) {
    const engine = createReferenceEngine(config)
    for (const { name } of parameterTable(config)) engine.writeTensor(name, await source(name))
    return engine
  },
  supported: async () => (set) => set,
  tuned: async () => defaultKernelSet,
  kernels: async () => undefined,
  memoryPlans: async () => [],
  probe: notAsked,
  selfCheck: notAsked,
  tune: notAsked,
  benchmark: notAsked,
}
