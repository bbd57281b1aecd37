import { throwIfAborted } from '../../../lib/abort.ts'
import { fromHex } from '../../../lib/hex.ts'
import { StudioError } from '../../../lib/studio-error.ts'
import { catchUp } from '../../../strategies/update/catch-up.ts'
import { learnCompetition, newWinLog, type WinLog } from '../../../strategies/update/win-log.ts'
import type { StudioParts } from '../../studio-parts.ts'
import { archiveCompetition } from './competition.ts'
import type { ForecastTools } from './forecast-actions.ts'
import type { Provenance } from './provenance.ts'
import type { WeightsResolver } from './resolve-weights.ts'
import type { StrategyDesk } from './strategy-desk.ts'

/** Targets drawn to compare two embeddings. */
const TARGETS = 2000

export function updateActions(
  parts: Pick<StudioParts, 'stores' | 'trainer' | 'chain' | 'storage' | 'readHosted'>,
  desk: StrategyDesk,
  weights: WeightsResolver,
  tools: ForecastTools,
  provenance: Provenance,
) {
  const { stores, trainer, chain, storage } = parts
  const { strategy, network, publish, setup } = stores
  const competition = archiveCompetition(parts)

  const logKey = (modelId: string) => `wins/${network.getState().chainId}/${modelId}`

  /** The stored log, or one that begins with the last reveal that this device made, else with the first checkpoint. */
  async function openLog(modelId: string, signal: AbortSignal): Promise<WinLog> {
    const kept = storage.get(logKey(modelId)) as WinLog | undefined
    const log = kept?.modelId === modelId ? kept : null
    if (log?.revealed) return log
    // Its time holds also where the node has forgotten its checkpoint.
    const revealed = await lastReveal(modelId, signal)
    return { ...(log ?? newWinLog(modelId, revealed?.checkpoint ?? 0)), revealed }
  }

  async function lastReveal(modelId: string, signal: AbortSignal): Promise<WinLog['revealed']> {
    const [draft] = publish
      .getState()
      .drafts.filter((one) => one.modelId === modelId && one.revealDigest !== null)
      .sort((a, b) => (b.revealEpoch ?? 0) - (a.revealEpoch ?? 0))
    if (!draft?.revealDigest) return null
    try {
      const { checkpoint, timestampMs } = await chain.transaction(draft.revealDigest, signal)
      return checkpoint === null || timestampMs === null
        ? null
        : { checkpoint: Number(checkpoint), timestampMs }
    } catch (thrown) {
      if (StudioError.from(thrown).code === 'not-found') return null
      throw thrown
    }
  }

  /** What the node had forgotten before it was asked, unless the model was revealed after that. */
  function forgotten(before: number, first: number, { revealed }: WinLog): string[] {
    if (first === before || (revealed && revealed.checkpoint >= first)) return []
    return before === 0
      ? [`The node has forgotten checkpoints before ${first}: wins before it are not counted.`]
      : [`The node has forgotten checkpoints ${before} to ${first - 1}: wins in them are not counted.`]
  }

  /** The first checkpoint from `from` on that the node still has; nodes forget the oldest ones first. */
  async function firstCheckpoint(from: number, signal: AbortSignal): Promise<number> {
    const has = async (sequence: number) => {
      try {
        await chain.checkpoint(BigInt(sequence), signal)
        return true
      } catch (thrown) {
        if (StudioError.from(thrown).code !== 'not-found') throw thrown
        return false
      }
    }
    let high = Number((await chain.checkpoint(undefined, signal)).sequenceNumber)
    let low = from
    if (low > high || (await has(low))) return low
    while (low + 1 < high) {
      const middle = Math.floor((low + high) / 2)
      if (await has(middle)) high = middle
      else low = middle
    }
    return high
  }

  return {
    /** Reads the checkpoints that passed since the last time, and counts. */
    countWins: (modelId: string) =>
      desk.perform('update', 'Reading checkpoints', async (signal) => {
        const save = (log: WinLog) => storage.set(logKey(modelId), log)
        const opened = await openLog(modelId, signal)
        const first = await firstCheckpoint(opened.cursor, signal)
        const from = first === opened.cursor ? opened : { ...opened, cursor: first }
        const read = await catchUp(from, {
          checkpoint: (sequence, asked) => chain.checkpoint(sequence, asked),
          save,
          signal,
          onProgress: desk.report('Reading checkpoints', 'checkpoints'),
        })
        const notes = forgotten(opened.cursor, first, read)
        const models = new Map<string, number | undefined>()
        for (const { targetId } of read.wins.filter((win) => win.models === null)) {
          models.set(targetId, await competition.modelsOf(targetId, signal))
        }
        const log = learnCompetition(read, (id) => models.get(id))
        save(log)
        strategy.setState({ update: { modelId, log, won: null, notes, shares: null } })
      }),

    /** A new embedding over the data won in the period, how far it moves, and what that does to the forecast. */
    recomputeEmbedding: (modelId: string, realBytesOnly: boolean) =>
      desk.perform('update', 'Fetching what was won', async (signal) => {
        const { update } = strategy.getState()
        const model = network.getState().system?.models.find(({ id }) => id === modelId)
        if (update?.modelId !== modelId || !model) return
        const data = []
        const onProgress = desk.report('Fetching what was won', 'submissions')
        const notes = [...update.notes]
        for (const [index, { targetId: id, url, size, checksum: digest }] of update.log.wins.entries()) {
          try {
            const [checksum, what] = [fromHex(digest), `Won data ${index + 1}`]
            const file = { kind: 'data', id, url, size, checksum, what } as const
            const onFile = (done: number, total: number) => desk.reportFile(what, done, total)
            data.push(await parts.readHosted(file, { signal, onProgress: onFile }))
          } catch (thrown) {
            throwIfAborted(signal)
            notes.push(`Won data ${index + 1} was left out: ${StudioError.from(thrown).message}`)
          }
          onProgress(index + 1, update.log.wins.length)
        }
        if (data.length === 0) {
          throw new StudioError('not-found', ['None of the won data could be read.', ...notes].join(' '), {
            hint: 'An embedding can be computed from a run’s data instead: commit the run again.',
          })
        }
        const draft = publish.getState().drafts.find((one) => one.modelId === modelId)
        const mine = { kind: 'model', modelId, label: 'your model' } as const
        const ref = await weights.reference(mine, desk.fetching(mine.label, signal))
        const won = await trainer.call({
          kind: 'embedWonData',
          config: draft?.config ?? setup.getState().recipe.config,
          weights: ref,
          data,
          realBytesOnly,
          before: model.embedding,
        })
        const { stake, embedding } = model
        let shares = null
        if (embedding) {
          const scenarios = [0, 1].map((position) => ({ position, stake }))
          const positions = [embedding, won.embedding]
          const of = { id: modelId, digest: await weights.digest(mine) }
          const [before, after] = await tools.forecast({ positions, scenarios, targets: TARGETS }, of)
          if (before && after) shares = { before, after }
        }
        strategy.setState({ update: { ...update, won, notes, shares } })
        await provenance.record(mine, {
          kind: 'update',
          summary: `Embedding over ${won.submissions} won submissions${won.move ? ` moves by ${won.move.degrees.toFixed(2)}°` : ''}`,
          inputs: {
            modelId,
            realBytesOnly,
            upToCheckpoint: update.log.cursor - 1,
            won: update.log.wins.map(({ targetId, checksum }) => ({ targetId, checksum })),
          },
          outcome: {
            embedding: [...won.embedding],
            move: won.move,
            sequences: won.sequences,
            before: shares && { ...shares.before, stake: `${stake}` },
            after: shares && { ...shares.after, stake: `${stake}` },
          },
        })
      }),
  }
}
