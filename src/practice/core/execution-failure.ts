import { ExecutionFailureStatus } from '../../chain/bcs/failure-status.ts'

export type FailureStatusInput = typeof ExecutionFailureStatus.$inferInput

type PlainFailure = {
  [K in ExecutionFailureStatus['$kind']]: Extract<ExecutionFailureStatus, { $kind: K }> extends {
    [P in K]: true
  }
    ? K
    : never
}[ExecutionFailureStatus['$kind']]

/**
 * A rule refused the transaction while it was executed. The transaction still counts: its effects carry the
 * status, the base fee is kept, and every input object gets a new version.
 */
export class ExecutionFailure extends Error {
  readonly status: ExecutionFailureStatus

  constructor(status: FailureStatusInput) {
    super(Object.keys(status)[0])
    this.name = 'ExecutionFailure'
    this.status = ExecutionFailureStatus.parse(ExecutionFailureStatus.serialize(status).toBytes())
  }
}

/** Throws the failure of that name; failures with a payload are thrown with `new ExecutionFailure`. */
export function refuse(kind: PlainFailure): never {
  throw new ExecutionFailure({ [kind]: true } as unknown as FailureStatusInput)
}
