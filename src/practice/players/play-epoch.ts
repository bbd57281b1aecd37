import type { Transport } from '@connectrpc/connect'
import { scalarOf, TargetV1 } from '../../chain/bcs/index.ts'
import { blake2b256 } from '../../chain/digests.ts'
import type { SomaId } from '../../chain/ids.ts'
import { toHex } from '../../lib/hex.ts'
import { blobUrl } from '../blob-store.ts'
import { networkSecret } from '../core/genesis.ts'
import type { PracticeNetwork } from '../core/network.ts'
import type { SubmissionScore } from '../core/score-submission.ts'
import { claimTargets } from './claim-targets.ts'
import { type CorpusName, corpusNames, makeCorpus } from './corpora.ts'
import { Player } from './player.ts'
import { createRandom, type Random } from './random.ts'
import { type ScoreMatrix, type ScoringServices, scoreMatrix, winnerOf } from './score-matrix.ts'
import { tendModel } from './tend-model.ts'

export interface PlayServices extends ScoringServices {
  /** Publishes a submission's data. */
  readonly putBlob: (digest: string, bytes: Uint8Array<ArrayBuffer>) => Promise<void>
}

export interface PlayOptions {
  /** Submissions of the epoch; four to eight, as the seed has it, unless told. */
  readonly submissions?: number
  /** Whether old targets are claimed; so unless told. */
  readonly claims?: boolean
}

export interface PlayedSubmission {
  readonly targetId: SomaId
  readonly modelId: SomaId
  readonly corpus: CorpusName
  readonly bytes: number
  readonly loss: number
  readonly distance: number
}

/** What the players did in one epoch. */
export interface PlayReport {
  readonly epoch: bigint
  readonly submissions: readonly PlayedSubmission[]
  readonly claims: number
  /** Models whose weights could not be scored, so that they could not win, with the reason. */
  readonly failed: ScoreMatrix['failed']
}

/** Open targets that the submitters look at in one epoch: each asks for a share of the models' scores. */
const TARGETS_IN_VIEW = 48
const LEAST_BYTES = 512
/** One chunk of the scoring contract. */
const MOST_BYTES = 1024

/**
 * One epoch of the world's own accounts: submitters make data, score it with the actual weights of the models that
 * a target asks, and fill targets; owners tend their models; what is old is claimed. The same seed, epoch and
 * state give the same transactions. Ends early where the epoch does.
 */
export async function playEpoch(
  network: PracticeNetwork,
  transport: Transport,
  services: PlayServices,
  options: PlayOptions = {},
): Promise<PlayReport> {
  const epoch = network.epoch()
  const random = createRandom(seedOf(network, epoch))
  const count = options.submissions ?? 4 + random(5)
  const player = (name: string) => new Player(network, transport, name)
  const submitters = [player('submitter one'), player('submitter two')]

  const offers = Array.from({ length: count }, () => makeOffer(random))
  const view = openTargets(network, random)
  const ids = [...new Set(view.flatMap(({ target }) => target.modelIds))].sort()
  const { models } = network.state().modelRegistry
  const data = offers.map((offer) => offer.bytes)
  const matrix = await scoreMatrix(models, ids, data, services)

  const submissions: PlayedSubmission[] = []
  for (const [index, offer] of offers.entries()) {
    if (network.epoch() !== epoch) break
    const best = nearestTarget(view, matrix, index)
    if (best === undefined) continue
    const { targetId, score } = best
    view.splice(
      view.findIndex(({ id }) => id === targetId),
      1,
    )
    const { success } = await submit(submitters[index % submitters.length]!, targetId, score, offer, services)
    if (!success) continue
    const { modelId, loss, distance } = score
    submissions.push({ targetId, modelId, corpus: offer.corpus, bytes: offer.bytes.length, loss, distance })
  }
  for (const name of corpusNames) {
    if (network.epoch() === epoch) await tendModel(network, player(`owner of ${name}`), random)
  }
  const claims =
    options.claims === false || network.epoch() !== epoch ? 0 : await claimTargets(network, player('sweeper'))
  return { epoch, submissions, claims, failed: matrix.failed }
}

function seedOf(network: PracticeNetwork, epoch: bigint): number {
  const digest = networkSecret(network.seed, `players of epoch ${epoch}`)
  return new DataView(digest.buffer, digest.byteOffset).getUint32(0, true)
}

interface Offer {
  readonly corpus: CorpusName
  readonly bytes: Uint8Array<ArrayBuffer>
}

function makeOffer(random: Random): Offer {
  const corpus = corpusNames[random(corpusNames.length)]!
  const length = LEAST_BYTES + random(MOST_BYTES - LEAST_BYTES + 1)
  return { corpus, bytes: Uint8Array.from(makeCorpus(corpus, length, random(2 ** 30))) }
}

interface OpenTarget {
  readonly id: SomaId
  readonly target: TargetV1
}

/** A sample of the targets that can be filled now. */
function openTargets(network: PracticeNetwork, random: Random): OpenTarget[] {
  const epoch = network.epoch()
  const open = network.objects
    .ofType('Target')
    .map(({ objectId: id, contents }) => ({ id, target: TargetV1.parse(contents) }))
    .filter(({ target }) => target.status.$kind === 'Open' && target.generationEpoch === epoch)
  const sample: OpenTarget[] = []
  while (sample.length < TARGETS_IN_VIEW && open.length > 0) {
    sample.push(...open.splice(random(open.length), 1))
  }
  return sample
}

/** The target whose winner's embedding of the data lies nearest to it, if that is near enough to fill it. */
function nearestTarget(view: readonly OpenTarget[], matrix: ScoreMatrix, dataIndex: number) {
  let best: { readonly targetId: SomaId; readonly score: SubmissionScore } | undefined
  for (const { id, target } of view) {
    const score = winnerOf(matrix, target, dataIndex)
    if (score === undefined || !(score.distance <= scalarOf(target.distanceThreshold))) continue
    if (best === undefined || score.distance < best.score.distance) best = { targetId: id, score }
  }
  return best
}

async function submit(
  player: Player,
  targetId: SomaId,
  score: SubmissionScore,
  { bytes }: Offer,
  { putBlob }: PlayServices,
) {
  const checksum = blake2b256(bytes)
  const digest = toHex(checksum)
  await putBlob(digest, bytes)
  const manifest = { url: blobUrl(digest), checksum, size: BigInt(bytes.length) }
  return player.act((bondCoin) => ({
    SubmitData: {
      targetId,
      dataManifest: { manifest },
      modelId: score.modelId,
      embedding: { values: score.embedding, shape: [score.embedding.length] },
      distanceScore: { values: Float32Array.of(score.distance), shape: [1] },
      lossScore: { values: Float32Array.of(score.loss), shape: [1] },
      bondCoin,
    },
  }))
}
