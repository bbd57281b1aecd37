import { listCheckpoints } from '../../weights/checkpoint-manifest.ts'
import type { Vault } from '../../weights/vault.ts'
import type { RunHistory } from '../protocol.ts'
import type { StrategyEntry } from '../strategy-protocol.ts'
import { loadMetrics, readExtra } from './checkpoint-extra.ts'
import { toColumns } from './metric-batcher.ts'
import { readRecord } from './run-files.ts'

/** Beside the record, which a run that is training writes anew. */
const entriesPath = (runId: string) => `runs/${runId}/strategies.json`
/** The oldest beyond these are dropped. */
const MOST_ENTRIES = 500

/** What is kept of a run besides weights, data and record; the curve ends at its newest checkpoint. */
export async function runHistory(vault: Vault, runId: string): Promise<RunHistory> {
  await readRecord(vault, runId)
  const [newest] = await listCheckpoints(vault, runId)
  const step = newest?.manifest.step ?? 0
  return {
    columns: toColumns(await loadMetrics(vault, runId, step)),
    validation: newest ? readExtra(newest.manifest.extra).validation : [],
    strategies: await entriesOf(vault, runId),
  }
}

/** Rejects with 'not-found' where the run is gone. */
export async function recordStrategy(vault: Vault, runId: string, entry: StrategyEntry): Promise<void> {
  await readRecord(vault, runId)
  const entries = [...(await entriesOf(vault, runId)), entry].slice(-MOST_ENTRIES)
  await vault.writeJson(entriesPath(runId), entries)
}

async function entriesOf(vault: Vault, runId: string): Promise<readonly StrategyEntry[]> {
  const stored = await vault.readJson(entriesPath(runId))
  return Array.isArray(stored) ? (stored as StrategyEntry[]) : []
}
