import type { SystemState } from '../../chain/bcs/index.ts'
import type { SomaId } from '../../chain/ids.ts'
import { refuse } from './execution-failure.ts'

/** Voting power of 2f + 1 out of 10,000. */
const QUORUM = 6_667n

/** Whether these validators together hold a quorum. */
export function hasQuorum({ validators }: SystemState, reporters: readonly SomaId[]): boolean {
  const votes = validators.validators
    .filter(({ metadata }) => reporters.includes(metadata.somaAddress))
    .reduce((sum, { votingPower }) => sum + votingPower, 0n)
  return votes >= QUORUM
}

/** The sender's entry in the current set. */
export function requireValidator({ validators }: SystemState, sender: SomaId) {
  const found = validators.validators.find(({ metadata }) => metadata.somaAddress === sender)
  if (found === undefined) refuse('NotAValidator')
  return found
}

/** Adds to a set of reporters, kept in the order of addresses as BCS wants it. */
export function withReporter(reporters: readonly SomaId[] | undefined, reporter: SomaId): SomaId[] {
  return [...new Set([...(reporters ?? []), reporter])].sort()
}

/** Takes a reporter out; undefined where none is left. Fails where it had not reported. */
export function withoutReporter(
  reporters: readonly SomaId[] | undefined,
  reporter: SomaId,
): SomaId[] | undefined {
  if (reporters === undefined || !reporters.includes(reporter)) refuse('ReportRecordNotFound')
  const rest = reporters.filter((other) => other !== reporter)
  return rest.length === 0 ? undefined : rest
}
