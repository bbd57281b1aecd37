import type { Engine } from '../../src/engine/engine.ts'
import { parameterTable } from '../../src/model/parameter-table.ts'
import type { CorpusName } from '../../src/practice/players/corpora.ts'
import type { PlayedSubmission } from '../../src/practice/players/play-epoch.ts'
import { genesisEmbedding } from '../../src/strategies/genesis-embedding.ts'
import { loadWeights, type WeightsReader } from '../../src/strategies/merge/weights-reader.ts'
import type { RoundEntry } from '../../src/strategies/rounds/rounds.ts'
import { heldOutOf, ownData } from './fine-tuning.ts'
import { type KeptAt, keepAt } from './keeping-at-it.ts'
import { type Lab, readModel } from './lab.ts'
import { lossOn } from './loss-on.ts'
import { differenceText, type Experiment, figure, meanAndSpread } from './section.ts'
import { pairedDifference, spreadOf } from './statistics.ts'
import { enter, play } from './take-part.ts'
import { copyWeights, openTraining, startFrom } from './train-model.ts'

const LEARNING_RATE = 4e-3
const STAKE = 1_500_000_000n
const CHECKPOINTS = 2
const TEXTS = 4

type Outcome = Pick<RoundEntry, 'outcome' | 'chosen' | 'before' | 'after'>

interface Followed {
  readonly outcomes: readonly Outcome[]
  /** Held-out loss of what the network has in force at the end, or, where nothing was published, of what it began with; by the contract's window. */
  readonly inForce: number
  /** Of the checkpoint after the last step. */
  readonly last: number
}

export interface Rounds {
  readonly leader: string
  readonly corpus: CorpusName
  readonly otherCorpus: CorpusName
  readonly rounds: number
  readonly steps: number
  readonly epochs: number
  readonly leaderLoss: number
  readonly cases: readonly {
    readonly seed: number
    readonly toward: Followed
    /** Chosen by data of another kind than what is trained on. */
    readonly away: Followed
    readonly long?: {
      /** Held-out loss after as many steps in one go, and the largest difference of a weight from the rounds' last. */
      readonly atOnce: number
      readonly difference: number
      /** After as many steps where each round begins with an empty optimizer and a new warm-up. */
      readonly forgetful: number
      /** Held-out loss at the end of each round. */
      readonly byRound: readonly number[]
      readonly wins: { readonly rounds: number; readonly atOnce: number }
    }
  }[]
}

/** The leader goes on in rounds with own data of another kind, each round published on the practice network. */
export async function runRoundsOf(
  lab: Lab,
  options: {
    readonly seeds: readonly number[]
    readonly rounds: number
    readonly steps: number
    /** Epochs that are played, with so many submissions each; 0 plays none and compares with nothing. */
    readonly epochs: number
    readonly submissions: number
  },
): Promise<Rounds> {
  const { seeds, rounds, steps, epochs, submissions } = options
  const leader = lab.rivals[0]!
  const { corpus } = lab.rivals[1]!
  const halves = (kind: CorpusName) => {
    const texts = heldOutOf(lab, kind)
    return [0, 1].map((half) => texts.filter((_, index) => index % 2 === half).slice(0, TEXTS)) as [
      Uint8Array[],
      Uint8Array[],
    ]
  }
  const [choose, test] = halves(corpus)
  const [chooseOther, testOther] = halves(leader.corpus)
  const engine = lab.openEngine()
  const lossOf = async (weights: WeightsReader, texts: readonly Uint8Array[]) => {
    await loadWeights(engine, weights)
    return lossOn(engine, texts, 1024)
  }
  const leaderLoss = await lossOf(leader.weights, test)
  const cases: Rounds['cases'][number][] = []
  for (const seed of seeds) {
    const own = ownData(corpus, seed)
    const training = {
      texts: [own],
      from: leader.weights,
      learningRate: LEARNING_RATE,
      sequence: 512,
      rows: 2,
      seed,
    }
    const windows = Array.from({ length: 4 }, (_, index) =>
      own.bytes.subarray(1024 * index, 1024 * (index + 1)),
    )
    const plan = { rounds, steps, checkpoints: CHECKPOINTS }
    /** Carries the plan out and reads what the network then has in force. */
    const follow = async (
      by: readonly Uint8Array[],
      measured: readonly Uint8Array[],
      epochsToPlay: number,
    ) => {
      const host = lab.openNetwork()
      const played: PlayedSubmission[] = []
      let left = epochsToPlay
      const epoch = async () => {
        if (left > 0) played.push(...(await host.play({ submissions, claims: false })).submissions)
        left -= 1
      }
      const kept = await keepAt({
        lab,
        host,
        engine,
        training,
        startsFrom: leader.name,
        plan,
        windows,
        epoch,
        lossOf: (held) => lossOn(held, by, 1024),
      })
      do {
        await epoch()
        host.advanceEpoch()
      } while (left > 0)
      const id = kept.state.modelId
      const held = id === null ? leader : await readModel(host, lab.config, id)
      const inForce = await lossOf(held.weights, measured)
      const last = await lossOf(kept.weightsAt.get(rounds * steps)!, measured)
      const outcomes = kept.state.entries.map(({ outcome, chosen, before, after }) => {
        return { outcome, chosen, before, after }
      })
      return { kept, wins: winsOf(played, id), followed: { outcomes, inForce, last } }
    }
    const toward = await follow(choose, test, epochs)
    const away = await follow(chooseOther, testOther, 0)
    const one = { seed, toward: toward.followed, away: away.followed }
    if (epochs === 0) cases.push(one)
    else {
      const weights = await trainOn(engine, training, rounds, steps, false)
      const host = lab.openNetwork()
      // As many steps take as long, so the model is committed when the last round's is.
      const before = await play(host, { epochs: rounds - 1, submissions })
      await loadWeights(engine, weights)
      const { embedding } = await genesisEmbedding(engine, windows)
      // Both of its epochs pass unplayed by `enter`; they are the ones in which it cannot win.
      const id = await enter(lab, host, { weights, embedding, stake: STAKE })
      const after = await play(host, { epochs: epochs - rounds - 1, submissions })
      const byRound: number[] = []
      for (let round = 1; round <= rounds; round += 1) {
        byRound.push(await lossOf(toward.kept.weightsAt.get(round * steps)!, test))
      }
      cases.push({
        ...one,
        long: {
          atOnce: await lossOf(weights, test),
          difference: await largestDifference(lab, weights, toward.kept, rounds * steps),
          forgetful: await lossOf(await trainOn(engine, training, rounds, steps, true), test),
          byRound,
          wins: { rounds: toward.wins, atOnce: winsOf([...before, ...after], id) },
        },
      })
    }
    lab.say(`rounds, seed ${seed}: ${JSON.stringify(cases.at(-1))}`)
  }
  engine.dispose()
  const otherCorpus = leader.corpus
  return { leader: leader.name, corpus, otherCorpus, rounds, steps, epochs, leaderLoss, cases }
}

const winsOf = (played: readonly PlayedSubmission[], id: string | null) =>
  played.filter(({ modelId }) => modelId === id).length

/** The same steps without stops; `forgets`: with an empty optimizer and a new warm-up where a round would begin. */
async function trainOn(
  engine: Engine,
  training: Parameters<typeof openTraining>[0] & { readonly from: WeightsReader },
  rounds: number,
  steps: number,
  forgets: boolean,
): Promise<WeightsReader> {
  const stepOn = await openTraining(training)
  await startFrom(engine, training.seed, training.from)
  for (let step = 1; step <= rounds * steps; step += 1) {
    const begins = (step - 1) % steps === 0
    if (forgets && begins) await startFrom(engine, training.seed, await copyWeights(engine))
    await stepOn(engine, forgets ? ((step - 1) % steps) + 1 : step)
  }
  return copyWeights(engine)
}

async function largestDifference(lab: Lab, weights: WeightsReader, { weightsAt }: KeptAt, step: number) {
  let largest = 0
  for (const { name } of parameterTable(lab.config)) {
    const [a, b] = [await weights.readTensor(name), await weightsAt.get(step)!.readTensor(name)]
    for (const [index, value] of a.entries()) largest = Math.max(largest, Math.abs(value - b[index]!))
  }
  return largest
}

export const rounds: Experiment<Rounds> = {
  id: 'rounds',
  run: (lab, { seeds, submissions }) =>
    runRoundsOf(lab, { seeds, rounds: 4, steps: 20, epochs: 8, submissions }),
  section({ leader, corpus, otherCorpus, rounds: count, steps, epochs, leaderLoss, cases }) {
    const of = (pick: (one: (typeof cases)[number]) => number) => cases.map(pick)
    const minus = (
      a: (one: (typeof cases)[number]) => number,
      b: (one: (typeof cases)[number]) => number,
      digits = 3,
    ) => differenceText(pairedDifference(of(a), of(b)), digits)
    const published = (what: 'toward' | 'away') =>
      cases.map((one) => one[what].outcomes.filter(({ outcome }) => outcome === 'revealed').length).join(', ')
    const early = pairedDifference(
      of(({ long }) => long!.wins.rounds),
      of(({ long }) => long!.wins.atOnce),
    )
    const forgets = pairedDifference(
      of(({ long }) => long!.forgetful),
      of(({ long }) => long!.atOnce),
    )
    return {
      title: 'Rounds',
      what: 'Trains, measures, publishes the best checkpoint, reveals it and trains on with the optimizer state, round after round, as one plan.',
      when: 'Where training goes on for days: what is good already competes meanwhile, and what is worse is not published.',
      setup: `${leader} goes on with own ${corpus} at 4e-3, windows of 512, in ${count} rounds of ${steps} steps with ${CHECKPOINTS} checkpoints each, seeds ${of(({ seed }) => seed).join(', ')}. The plan is carried out by the studio's own state machine on the practice network; between rounds the engine is emptied and gets its checkpoint back. Checkpoints are chosen by ${TEXTS} filled targets of ${corpus}, or, against the grain, of ${otherCorpus}; losses below are on ${TEXTS} others, by the contract's window, of what the network has in force at the end, read back from it. A round takes an epoch; as many steps in one go are published when the last round is. ${epochs} epochs are played.`,
      tables: [
        {
          caption: 'Held-out loss and wins, mean ± standard deviation over seeds',
          header: ['arm', 'nats per byte', `wins in ${epochs} epochs`],
          rows: [
            [leader, figure(leaderLoss), ''],
            [
              `rounds, chosen by ${corpus}: in force at the end`,
              meanAndSpread(of(({ toward }) => toward.inForce)),
              meanAndSpread(
                of(({ long }) => long!.wins.rounds),
                1,
              ),
            ],
            [
              'as many steps in one go',
              meanAndSpread(of(({ long }) => long!.atOnce)),
              meanAndSpread(
                of(({ long }) => long!.wins.atOnce),
                1,
              ),
            ],
            [
              'rounds that begin with an empty optimizer',
              meanAndSpread(of(({ long }) => long!.forgetful)),
              '',
            ],
          ],
        },
        {
          caption: `The same rounds, chosen by ${otherCorpus}, which they do not train on: loss on ${otherCorpus}`,
          header: ['checkpoint', 'nats per byte'],
          rows: [
            [
              'in force at the end, or where nothing was published what it began with',
              meanAndSpread(of(({ away }) => away.inForce)),
            ],
            ['after the last step', meanAndSpread(of(({ away }) => away.last))],
          ],
        },
      ],
      charts: [
        {
          title: `Held-out loss on ${corpus} by round, mean and range`,
          x: 'round',
          y: 'nats per byte',
          lines: [
            {
              label: 'at the end of the round',
              points: Array.from({ length: count + 1 }, (_, round) => {
                const { mean, least, most } = spreadOf(
                  of(({ long }) => (round === 0 ? leaderLoss : long!.byRound[round - 1]!)),
                )
                return { x: round, y: mean, low: least, high: most }
              }),
            },
          ],
        },
      ],
      findings: [
        `In force at the end minus ${leader}: ${minus(
          ({ toward }) => toward.inForce,
          () => leaderLoss,
        )}.`,
        `After the last step the rounds' weights differ from those of as many steps in one go by at most ${Math.max(...of(({ long }) => long!.difference))}: stopping, publishing and going on changes nothing of what is learned.`,
        `Wins, rounds minus one go: ${differenceText(early, 1)}.${early.sure && early.mean > 0 ? ' What is published early wins early.' : ' That publishing early wins more was not shown.'}`,
        `Chosen by ${otherCorpus}, what is kept minus the last checkpoint: ${minus(
          ({ away }) => away.inForce,
          ({ away }) => away.last,
        )}; of ${count} rounds ${published('away')} published, where ${published('toward')} did when chosen by ${corpus}.`,
      ],
      limits: [
        `An empty optimizer in each round instead of the one kept changes the loss after the same steps by ${differenceText(forgets)}.${forgets.sure && forgets.mean > 0 ? '' : forgets.sure ? ' Keeping it, as rounds do, was worse here.' : ' What the optimizer state is worth was not shown here.'}`,
        'Trained weights that a plan begins with are to be beaten. From fresh ones, or where asked to publish even if worse, the first round publishes its best checkpoint whatever its loss.',
      ],
    }
  },
}
