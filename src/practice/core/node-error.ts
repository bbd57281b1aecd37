/** The gRPC codes that a node answers with. */
export type NodeErrorCode =
  | 'invalidArgument'
  | 'notFound'
  | 'failedPrecondition'
  | 'unimplemented'
  | 'internal'
  | 'unavailable'

/**
 * A request that a node refuses before anything is executed; the services turn it into the gRPC code. `field` is
 * the part of the request that is wrong, where a node names it in the error's details.
 */
export class NodeError extends Error {
  readonly code: NodeErrorCode
  readonly field: string | undefined

  constructor(code: NodeErrorCode, message: string, field?: string) {
    super(message)
    this.name = 'NodeError'
    this.code = code
    this.field = field
  }
}
