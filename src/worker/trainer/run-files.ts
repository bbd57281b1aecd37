import { blobSource } from '../../data/blob-source.ts'
import type { Corpus, CorpusInput } from '../../data/corpus.ts'
import type { Provenance, SourceOrigin } from '../../data/corpus-summary.ts'
import type { KernelSet } from '../../engine/fused/kernel-set.ts'
import { StudioError } from '../../lib/studio-error.ts'
import type { Vault } from '../../weights/vault.ts'
import type { CorpusItem, RunProvenance, RunRecord, TrainerCall } from '../protocol.ts'

/**
 * What a run keeps in the vault besides its checkpoints: its record, its metrics, and the corpus, which runs
 * on the same data share.
 */

const recordPath = (runId: string) => `runs/${runId}/run.json`
const corpusFolder = (digest: string) => `corpora/${digest}`

/** Bytes copied between looks at the progress. */
const COPY_BYTES = 8 * 1024 * 1024

/** The record of a run that has not begun. */
export function newRecord(
  call: Extract<TrainerCall, { kind: 'start' }>,
  corpus: RunRecord['corpus'],
  kernels: KernelSet,
): RunRecord {
  return {
    id: call.runId,
    name: call.name,
    createdAt: Date.now(),
    recipe: call.recipe,
    startFrom: call.startFrom.kind,
    corpus,
    checkpoint: null,
    stepsDone: 0,
    lossFirst: null,
    lossLast: null,
    kernels: [{ fromStep: 0, set: kernels, reason: 'start' }],
    ...(call.provenance ? { provenance: call.provenance } : {}),
  }
}

export async function saveRecord(vault: Vault, record: RunRecord): Promise<void> {
  await vault.writeJson(recordPath(record.id), record)
}

/** 'not-found' where the vault has no such run. */
export async function readRecord(vault: Vault, runId: string): Promise<RunRecord> {
  const record = (await vault.readJson(recordPath(runId))) as RunRecord | undefined
  if (!record) {
    throw new StudioError('not-found', 'This run is no longer on this device.', {
      hint: 'Start a new run; other runs are listed under Runs.',
    })
  }
  return record
}

/** Adds to what the record of a run says of its origin and use. */
export async function recordProvenance(
  vault: Vault,
  runId: string,
  provenance: RunProvenance,
): Promise<void> {
  const record = await readRecord(vault, runId)
  await saveRecord(vault, { ...record, provenance: { ...record.provenance, ...provenance } })
}

/** All runs, newest first; folders without a readable record are passed over. */
export async function listRecords(vault: Vault): Promise<RunRecord[]> {
  const records: RunRecord[] = []
  for (const { name, kind } of await vault.list('runs')) {
    const record = kind === 'folder' ? await vault.readJson(recordPath(name)) : undefined
    if (record) records.push(record as RunRecord)
  }
  return records.sort((a, b) => b.createdAt - a.createdAt)
}

/** Removes a run, and its corpus unless another run was trained on it. */
export async function deleteRun(vault: Vault, runId: string): Promise<void> {
  const records = await listRecords(vault)
  const digest = records.find((record) => record.id === runId)?.corpus.digest
  await vault.remove(`runs/${runId}`)
  const shared = records.some((record) => record.id !== runId && record.corpus.digest === digest)
  if (digest && !shared) await vault.remove(corpusFolder(digest))
}

export function corpusInputs(items: readonly CorpusItem[]): CorpusInput[] {
  return items.map(({ name, origin, data, weight, provenance }) => ({
    name,
    origin,
    source: blobSource(name, data),
    ...(weight === undefined ? {} : { weight }),
    ...(provenance ? { provenance } : {}),
  }))
}

interface StoredCorpus {
  readonly files: readonly {
    readonly name: string
    readonly origin: SourceOrigin
    readonly provenance?: Provenance
  }[]
}

export interface CopyOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/** Copies the corpus into the vault, so that a run can be resumed after a reload; once for each digest. */
export async function storeCorpus(vault: Vault, corpus: Corpus, options: CopyOptions): Promise<void> {
  const folder = corpusFolder(corpus.summary.digest)
  const index = `${folder}/index.json`
  if (await vault.readJson(index)) return
  let done = 0
  for (const [i, { source }] of corpus.documents.entries()) {
    await vault.writeFile(`${folder}/${i}`, async (writer) => {
      for (let at = 0; at < source.size; at += COPY_BYTES) {
        const chunk = await source.slice(at, Math.min(at + COPY_BYTES, source.size), options.signal)
        await writer.write(chunk)
        done += chunk.length
        options.onProgress?.(done, corpus.summary.bytes)
      }
    })
  }
  const files = corpus.documents.map(({ name, origin, provenance }) => ({
    name,
    origin,
    ...(provenance ? { provenance } : {}),
  }))
  await vault.writeJson(index, { files } satisfies StoredCorpus)
}

/** The stored corpus of a run with the weights that its sources have there; 'not-found' where it was dropped. */
export async function weightedCorpus(vault: Vault, { corpus }: RunRecord): Promise<CorpusInput[]> {
  const inputs = await storedCorpus(vault, corpus.digest)
  return inputs.map((input, i) => {
    const weight = corpus.sources[i]?.weight
    return weight === undefined ? input : { ...input, weight }
  })
}

/** The stored corpus of a run; 'not-found' where the browser has dropped it. */
export async function storedCorpus(vault: Vault, digest: string): Promise<CorpusInput[]> {
  const folder = corpusFolder(digest)
  const stored = (await vault.readJson(`${folder}/index.json`)) as StoredCorpus | undefined
  if (!stored) {
    throw new StudioError('not-found', 'The data of this run is no longer on this device.', {
      hint: 'The weights are kept: commit them as they are, or start a new run.',
    })
  }
  return Promise.all(
    stored.files.map(async (file, i) => ({
      ...file,
      source: await vault.openFile(`${folder}/${i}`),
    })),
  )
}

/** The same as items, for what reads those. */
export async function storedItems(vault: Vault, digest: string): Promise<CorpusItem[]> {
  const inputs = await storedCorpus(vault, digest)
  return Promise.all(
    inputs.map(async ({ name, origin }, i) => ({
      name,
      origin,
      data: await vault.openBlob(`${corpusFolder(digest)}/${i}`),
    })),
  )
}

/** The stored corpus of a run as it was mixed, for another run; 'not-found' where it was dropped. */
export async function runItems(vault: Vault, { corpus }: RunRecord): Promise<CorpusItem[]> {
  const items = await storedItems(vault, corpus.digest)
  return items.map((item, i) => {
    const { weight, provenance } = corpus.sources[i] ?? {}
    return { ...item, ...(weight === undefined ? {} : { weight }), ...(provenance ? { provenance } : {}) }
  })
}
