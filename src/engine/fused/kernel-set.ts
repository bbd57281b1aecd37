/**
 * Which variant of each kernel computes: JSON, stored with a run and its checkpoints, because variants add in different
 * orders and so differ in the last bits. The same set on the same device and plan gives equal bits.
 */
export interface KernelSet {
  /** Variant of a matrix product by its shape class; a class that is absent takes the built-in rule. */
  readonly gemm: Readonly<Record<string, string>>
  /** Reductions over a row (norms, cross-entropy, SIGReg): a row for each thread, or for each workgroup. */
  readonly rows: 'thread' | 'group'
  readonly attention: 'thread' | 'group'
}

/** What is fastest on the software adapter. */
export const defaultKernelSet: KernelSet = { gemm: {}, rows: 'thread', attention: 'thread' }
