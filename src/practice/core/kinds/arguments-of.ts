import type { TransactionKind } from '../../../chain/bcs/index.ts'

/** The fields of one kind, as decoded. */
export type ArgumentsOf<K extends TransactionKind['$kind']> =
  Extract<TransactionKind, { $kind: K }> extends Record<K, infer A> ? A : never

/** What a kind that spends from the gas coin must leave in it: the value fee, and the fee of each object. */
export interface KindFees {
  readonly value: bigint
  readonly perObject: bigint
}
