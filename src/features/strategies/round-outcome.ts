import type { RoundEntry } from '../../strategies/rounds/rounds.ts'

const outcomes: Readonly<Record<RoundEntry['outcome'], string>> = {
  committed: 'committed, waits for its reveal',
  revealed: 'in force',
  missed: 'reveal missed',
  'no-better': 'not better, nothing published',
  declined: 'not signed, nothing published',
}

/** What came of a round; of those that were revealed, the newest is in force. */
export function roundOutcome(entry: RoundEntry, entries: readonly RoundEntry[]): string {
  const { outcome, start, before, after, round } = entry
  const worse = before !== null && after !== null && after >= before
  if (outcome === 'no-better' && start !== undefined && before !== null && after !== null) {
    const how = worse ? 'no better than' : 'not enough better than'
    return `${how} ${start}, which the plan began with (${after.toFixed(4)} against ${before.toFixed(4)}): nothing published`
  }
  const next = entries.find((later) => later.outcome === 'revealed' && later.round > round)
  const now = outcome === 'revealed' && next ? `replaced by round ${next.round}` : outcomes[outcome]
  const published = outcome === 'committed' || outcome === 'revealed'
  if (!published || !worse) return now
  // From fresh weights the first round has nothing to be better than.
  const than = start ?? (round > 1 ? 'what was in force' : null)
  return than ? `${now}; no better than ${than}, published as the plan says` : now
}
