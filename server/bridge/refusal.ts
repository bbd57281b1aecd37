/** Why the bridge does not do what was asked; goes to the page as JSON. */
export class Refusal extends Error {
  /** HTTP status of the answer. */
  readonly status: number
  readonly code: string
  readonly hint: string
  /** The code of a service that answered with an error of its own. */
  readonly grpcCode: number | undefined

  constructor(
    status: number,
    code: string,
    message: string,
    more: { hint?: string; grpcCode?: number } = {},
  ) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.code = code
    this.hint = more.hint ?? ''
    this.grpcCode = more.grpcCode
  }

  toJson(): string {
    const { code, message, hint, grpcCode } = this
    return `${JSON.stringify({ error: { code, message, hint, ...(grpcCode === undefined ? {} : { grpcCode }) } })}\n`
  }
}
