/** What one owner asked of WebGPU. */
export interface LedgerEntry {
  readonly dispatches: number
  readonly submits: number
  /** Bytes of its buffers that exist now, and the most that existed at a time. */
  readonly bytes: number
  readonly peakBytes: number
}

/**
 * Counts dispatches, submits and buffers of code that does not count itself, by standing between it and the
 * prototypes of WebGPU. What happens while `during` runs belongs to its owner, so owners must take turns.
 */
export interface DeviceLedger {
  during<T>(owner: string, work: () => Promise<T>): Promise<T>
  entry(owner: string): LedgerEntry
  /** Resolves when every queue that an owner has written or submitted to is empty. */
  idle(): Promise<void>
  /** Puts the prototypes back. */
  close(): void
}

interface Account {
  dispatches: number
  submits: number
  bytes: number
  peakBytes: number
  readonly queues: Set<GPUQueue>
}

// biome-ignore lint/suspicious/noExplicitAny: a method of any of WebGPU's prototypes
type Method = (...args: any[]) => unknown

export function openDeviceLedger(): DeviceLedger {
  const accounts = new Map<string, Account>()
  const buffers = new WeakMap<object, { account: Account; size: number }>()
  const undo: (() => void)[] = []
  let current: Account | undefined

  const account = (owner: string): Account => {
    const known = accounts.get(owner)
    if (known) return known
    const made = { dispatches: 0, submits: 0, bytes: 0, peakBytes: 0, queues: new Set<GPUQueue>() }
    accounts.set(owner, made)
    return made
  }

  /** Runs `after` with the object, the arguments and the result of each call. */
  function watch(
    prototype: object,
    name: string,
    after: (self: object, args: unknown[], result: unknown) => void,
  ): void {
    const methods = prototype as Record<string, Method>
    const original = methods[name]!
    methods[name] = function (this: object, ...args: unknown[]) {
      const result = original.apply(this, args)
      after(this, args, result)
      return result
    }
    undo.push(() => {
      methods[name] = original
    })
  }

  const countDispatch = () => {
    if (current) current.dispatches += 1
  }
  watch(GPUComputePassEncoder.prototype, 'dispatchWorkgroups', countDispatch)
  watch(GPUComputePassEncoder.prototype, 'dispatchWorkgroupsIndirect', countDispatch)
  watch(GPUQueue.prototype, 'submit', (queue) => {
    if (!current) return
    current.submits += 1
    current.queues.add(queue as GPUQueue)
  })
  watch(GPUQueue.prototype, 'writeBuffer', (queue) => {
    current?.queues.add(queue as GPUQueue)
  })
  watch(GPUDevice.prototype, 'createBuffer', (_, [descriptor], buffer) => {
    if (!current) return
    const { size } = descriptor as GPUBufferDescriptor
    buffers.set(buffer as object, { account: current, size })
    current.bytes += size
    current.peakBytes = Math.max(current.peakBytes, current.bytes)
  })
  watch(GPUBuffer.prototype, 'destroy', (buffer) => {
    const held = buffers.get(buffer)
    buffers.delete(buffer)
    if (held) held.account.bytes -= held.size
  })

  return {
    async during(owner, work) {
      current = account(owner)
      try {
        return await work()
      } finally {
        current = undefined
      }
    },
    entry(owner) {
      const { dispatches, submits, bytes, peakBytes } = account(owner)
      return { dispatches, submits, bytes, peakBytes }
    },
    async idle() {
      for (const { queues } of accounts.values()) {
        // A device that was lost has no work left; whoever uses it says so in its next step.
        for (const queue of queues) await queue.onSubmittedWorkDone().catch(() => undefined)
      }
    },
    close() {
      for (const restore of undo) restore()
    },
  }
}
