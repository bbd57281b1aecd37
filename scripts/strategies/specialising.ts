import { TargetV1 } from '../../src/chain/bcs/index.ts'
import type { PlayedSubmission } from '../../src/practice/players/play-epoch.ts'
import type { RegionGap } from '../../src/strategies/gaps/gap-table.ts'
import { genesisEmbedding } from '../../src/strategies/genesis-embedding.ts'
import type { WeightsReader } from '../../src/strategies/merge/weights-reader.ts'
import { findGap } from './find-gap.ts'
import { ownData } from './fine-tuning.ts'
import type { Lab } from './lab.ts'
import { differenceText, type Experiment, figure, meanAndSpread } from './section.ts'
import { pairedDifference, spreadOf } from './statistics.ts'
import { type Entrant, enter, play } from './take-part.ts'
import { copyWeights, type Text, trainModel } from './train-model.ts'
import { type Forecast, forecastFindings, forecastTables, lossesOf, predict } from './win-forecast.ts'

const STAKE = 1_500_000_000n

export interface Wins {
  /** Of targets filled with data of the gap's region. */
  readonly inGap: number
  readonly all: number
  readonly forecast?: Forecast
}

export interface Specialising {
  readonly leader: string
  readonly ownCorpus: string
  readonly gap: string
  readonly steps: number
  readonly epochs: number
  /** Targets filled in each play, and those of them with data of the gap's region, mean over plays. */
  readonly filled: number
  readonly filledInGap: number
  readonly regions: readonly RegionGap[]
  readonly untouched: Wins
  /** By seed. */
  readonly specialised: readonly Wins[]
  readonly onOwn: readonly Wins[]
}

/** Trains on from `from` and gives what would be published: the weights and their genesis embedding. */
async function prepare(
  lab: Lab,
  from: WeightsReader,
  texts: readonly Text[],
  seed: number,
  steps: number,
): Promise<Entrant> {
  const engine = lab.openEngine()
  await trainModel(engine, { texts, from, steps, learningRate: 4e-3, sequence: 512, rows: 2, seed })
  const longest = texts.reduce((a, b) => (b.bytes.length > a.bytes.length ? b : a)).bytes
  const windows = Array.from({ length: 8 }, (_, index) => longest.subarray(index * 1024, (index + 1) * 1024))
  const { embedding } = await genesisEmbedding(
    engine,
    windows.filter(({ length }) => length === 1024),
  )
  const weights = await copyWeights(engine)
  engine.dispose()
  return { weights, embedding, stake: STAKE }
}

/** What an entrant wins of the epochs after its reveal, when the world's own submitters send their data. */
async function enterAndPlay(lab: Lab, entrant: Entrant, options: { epochs: number; submissions: number }) {
  const host = lab.openNetwork()
  const id = await enter(lab, host, entrant)
  const all: PlayedSubmission[] = []
  let [targets, real] = [0, 0]
  const asks = (contents: Uint8Array) => TargetV1.parse(contents).modelIds.includes(id)
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    const open = host.network.objects
      .ofType('Target')
      .filter(({ contents }) => TargetV1.parse(contents).generationEpoch === host.epoch)
    targets += open.length
    real += open.filter(({ contents }) => asks(contents)).length
    all.push(...(await play(host, { epochs: 1, submissions: options.submissions })))
  }
  const asked = all.filter(({ targetId }) => asks(host.network.objects.get(targetId)!.contents))
  return { all, won: all.filter(({ modelId }) => modelId === id), asked, share: real / targets }
}

/** What the forecast says that a model wins of what it is asked, before it plays: untouched, and trained on its gap, by seed. */
export async function runForetelling(
  lab: Lab,
  options: {
    readonly seeds: readonly number[]
    readonly steps: number
    readonly perRegion: number
    readonly targets: number
    readonly predictedBy: number
  },
) {
  const { seeds, steps, perRegion, targets } = options
  const { weights, embedding } = lab.rivals[0]!
  const { gap, texts } = await findGap(lab, weights, { perRegion })
  const data = predictedFrom(lab, options.predictedBy)
  const rivals = await lossesOf(lab, data, lab.rivals)
  const winsOf = async (entrant: Entrant) => (await predict(lab, entrant, { data, rivals, targets })).wins
  const untouched = await winsOf({ weights, embedding, stake: STAKE })
  const specialised: Forecast['predicted'][] = []
  for (const seed of seeds) {
    const mix = [ownData(gap, seed), ...texts]
    specialised.push(await winsOf(await prepare(lab, weights, mix, seed, steps)))
  }
  return { untouched, specialised }
}

/** So many filled targets of each region. */
function predictedFrom(lab: Lab, perRegion: number) {
  return lab.rivals.flatMap(({ corpus }) =>
    lab.submissions.filter((one) => one.corpus === corpus).slice(0, perRegion),
  )
}

export async function runSpecialising(
  lab: Lab,
  options: {
    readonly seeds: readonly number[]
    readonly steps: number
    readonly epochs: number
    readonly submissions: number
    readonly perRegion: number
    /** Targets of the forecast, and filled targets of each region that it predicts wins by: none, and nothing is forecast. */
    readonly targets: number
    readonly predictedBy: number
    /** Also trains as long on the region that mine knows already. */
    readonly control: boolean
  },
): Promise<Specialising> {
  const { seeds, steps, epochs, submissions } = options
  const leader = lab.rivals[0]!
  const { gap, regions, texts } = await findGap(lab, leader.weights, { perRegion: options.perRegion })
  lab.say(`specialising: the gap is ${gap}, ${JSON.stringify(regions)}`)
  const plays: PlayedSubmission[][] = []
  const data = predictedFrom(lab, options.predictedBy)
  const rivals = await lossesOf(lab, data, lab.rivals)
  const count = async (entrant: Entrant): Promise<Wins> => {
    const forecast =
      data.length === 0 ? null : await predict(lab, entrant, { data, rivals, targets: options.targets })
    const { all, won, asked, share } = await enterAndPlay(lab, entrant, { epochs, submissions })
    plays.push(all)
    return {
      inGap: won.filter(({ corpus }) => corpus === gap).length,
      all: won.length,
      ...(forecast && {
        forecast: {
          asked: asked.length,
          predicted: forecast.wins,
          share: { forecast: forecast.share, real: share },
        },
      }),
    }
  }
  const { weights, embedding } = leader
  const untouched = await count({ weights, embedding, stake: STAKE })
  const [specialised, onOwn]: [Wins[], Wins[]] = [[], []]
  for (const seed of seeds) {
    const mix = [ownData(gap, seed), ...texts]
    specialised.push(await count(await prepare(lab, weights, mix, seed, steps)))
    if (options.control) {
      const known = [ownData(leader.corpus, seed)]
      onOwn.push(await count(await prepare(lab, weights, known, seed, steps)))
    }
    lab.say(`specialising, seed ${seed}: ${JSON.stringify([untouched, specialised.at(-1), onOwn.at(-1)])}`)
  }
  const filledInGap = plays.map((all) => all.filter(({ corpus }) => corpus === gap).length)
  return {
    leader: leader.name,
    ownCorpus: leader.corpus,
    gap,
    steps,
    epochs,
    filled: spreadOf(plays.map(({ length }) => length)).mean,
    filledInGap: spreadOf(filledInGap).mean,
    regions,
    untouched,
    specialised,
    onOwn,
  }
}

export const specialising: Experiment<Specialising> = {
  id: 'specialising',
  run: (lab, { seeds, steps, epochs, submissions, targets }) =>
    runSpecialising(lab, {
      // Wins are whole numbers and scatter, so there is one seed more, and more offers, than elsewhere.
      seeds: [...seeds, ...seeds.map((seed) => seed + 10)].slice(0, 4),
      steps: 2 * steps,
      epochs: 2 * epochs,
      submissions: Math.round(1.6 * submissions),
      perRegion: 3,
      targets,
      predictedBy: 6,
      control: true,
    }),
  section(made) {
    const { leader, ownCorpus, gap, untouched, specialised, onOwn, regions } = made
    const inGap = (wins: readonly Wins[]) => wins.map((one) => one.inGap)
    const all = (wins: readonly Wins[]) => wins.map((one) => one.all)
    const none = specialised.map(() => untouched)
    const row = (label: string, wins: readonly Wins[]) => [
      label,
      meanAndSpread(inGap(wins), 1),
      meanAndSpread(all(wins), 1),
    ]
    const bySeed = (wins: readonly number[]) => wins.map((y, index) => ({ x: index + 1, y }))
    const total = pairedDifference(all(specialised), all(onOwn))
    return {
      title: 'Specialising in a gap',
      what: 'Scores mine and each target’s winner on filled targets’ data, finds the region where mine is furthest behind, and trains on data of that region, the largest gaps with the most weight.',
      when: 'Where a region is won at high losses, or by models that are not made for it: there is room for one that is.',
      setup: `Mine begins as ${leader} as published. ${made.steps} steps of 1,024 bytes at 4e-3 on own ${gap} and the gap's submissions, windows of 512; for comparison as many steps on own ${ownCorpus}, which it knows. Each is embedded, published, committed and revealed with ${Number(STAKE) / 1e9} SOMA, then the world's own submitters play ${made.epochs} epochs, with data that nobody was trained on.`,
      tables: [
        {
          caption: 'The gap analysis: mine minus the winner, nats per byte by the contract',
          header: ['region', 'targets scored', 'difference'],
          rows: regions.map(({ region, targets, difference }) => [
            region,
            String(targets),
            difference === null ? 'not known' : figure(difference),
          ]),
        },
        {
          caption: `Wins of about ${figure(made.filled, 0)} filled targets (${figure(made.filledInGap, 0)} with ${gap}), mean ± standard deviation over seeds`,
          header: ['entrant', `wins with ${gap}`, 'wins in all'],
          rows: [
            [`${leader} once more, untouched`, String(untouched.inGap), String(untouched.all)],
            row(`specialised in ${gap}`, specialised),
            row(`trained on ${ownCorpus}`, onOwn),
          ],
        },
        ...forecastTables([
          [`${leader} once more, untouched`, [untouched]],
          [`specialised in ${gap}`, specialised],
          [`trained on ${ownCorpus}`, onOwn],
        ]),
      ],
      charts: [
        {
          title: 'Wins by seed',
          x: 'seed',
          y: 'targets won',
          from: 0,
          lines: [
            { label: `specialised in ${gap}`, dots: true, points: bySeed(all(specialised)) },
            { label: `trained on ${ownCorpus}`, dots: true, points: bySeed(all(onOwn)) },
            { label: `specialised, wins with ${gap}`, dots: true, points: bySeed(inGap(specialised)) },
            { label: `untouched`, points: bySeed(all(none)) },
          ],
        },
      ],
      findings: [
        `Wins with ${gap}, specialised minus untouched: ${differenceText(pairedDifference(inGap(specialised), inGap(none)), 1)}; minus trained on ${ownCorpus}: ${differenceText(pairedDifference(inGap(specialised), inGap(onOwn)), 1)}.`,
        `Wins in all, specialised minus untouched: ${differenceText(pairedDifference(all(specialised), all(none)), 1)}.`,
        ...forecastFindings([
          ['specialised', specialised],
          [`trained on ${ownCorpus}`, onOwn],
        ]),
      ],
      limits: [
        `Wins in all, specialised minus trained as long on ${ownCorpus}: ${differenceText(total, 1)}. ${total.sure && total.mean > 0 ? 'The gap was the better use of the same steps.' : `The gap was not shown to be the better use of the same steps: being the best at what one knows wins as well, here because ${leader} itself is weak at the length that is scored.`}`,
        `Untouched, a copy of ${leader} loses ties to whoever is listed before it, and its losses in other regions are far behind.`,
      ],
    }
  },
}
