/** The gRPC codes that a node answers with. */
export type NodeErrorCode =
  | 'invalidArgument'
  | 'notFound'
  | 'failedPrecondition'
  | 'unimplemented'
  | 'internal'

/** A request that a node refuses before anything is executed; the services turn it into the gRPC code. */
export class NodeError extends Error {
  readonly code: NodeErrorCode

  constructor(code: NodeErrorCode, message: string) {
    super(message)
    this.name = 'NodeError'
    this.code = code
  }
}
