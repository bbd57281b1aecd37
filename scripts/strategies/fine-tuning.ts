import { makeCorpus } from '../../src/practice/players/corpora.ts'
import type { WeightsReader } from '../../src/strategies/merge/weights-reader.ts'
import type { Lab } from './lab.ts'
import { lossOn } from './loss-on.ts'
import { differenceText, type Experiment, figure, meanAndSpread } from './section.ts'
import { pairedDifference, spreadOf } from './statistics.ts'
import { copyWeights, trainModel } from './train-model.ts'

const arms = {
  leader: { label: 'from the leader, windows of 512', learningRate: 1e-3, sequence: 512, rows: 2 },
  scratch: { label: 'from scratch, windows of 512', learningRate: 4e-3, sequence: 512, rows: 2 },
  short: { label: 'from the leader, windows of 128', learningRate: 1e-3, sequence: 128, rows: 8 },
} as const
export type Arm = keyof typeof arms

interface Curve {
  readonly seed: number
  readonly points: readonly { readonly step: number; readonly loss: number }[]
}

export interface FineTuning {
  readonly leader: string
  readonly corpus: string
  readonly texts: number
  readonly leaderLoss: number
  readonly steps: number
  readonly curves: Readonly<Record<Arm, readonly Curve[]>>
}

const OWN_BYTES = 48 * 1024
const HELD_OUT = 4

/** The user's own data of a kind: made by the same rules as the competitors' and the submitters', from other seeds. */
export function ownData(corpus: Parameters<typeof makeCorpus>[0], seed: number) {
  return { name: `own ${corpus}`, bytes: makeCorpus(corpus, OWN_BYTES, 5000 + seed) }
}

/** Real submissions of the leader's region, which nobody was trained on. */
export function heldOutOf(lab: Lab, corpus: string): Uint8Array[] {
  return lab.submissions.filter((one) => one.corpus === corpus).map(({ bytes }) => bytes)
}

/** Held-out loss of each arm, by the contract's window, over the steps; `keep` takes the weights of each end. */
export async function runFineTuning(
  lab: Lab,
  options: {
    readonly seeds: readonly number[]
    readonly steps: number
    readonly arms?: readonly Arm[]
    readonly keep?: (arm: Arm, weights: WeightsReader) => void
  },
): Promise<FineTuning> {
  const { seeds, steps } = options
  const leader = lab.rivals[0]!
  const heldOut = heldOutOf(lab, leader.corpus).slice(0, HELD_OUT)
  const engine = lab.openEngine()
  const curves: Record<Arm, Curve[]> = { leader: [], scratch: [], short: [] }
  let leaderLoss = Number.NaN
  for (const arm of options.arms ?? (Object.keys(arms) as Arm[])) {
    for (const seed of seeds) {
      const points: { step: number; loss: number }[] = []
      const training = { ...arms[arm], texts: [ownData(leader.corpus, seed)], steps, seed }
      await trainModel(engine, {
        ...training,
        ...(arm === 'scratch' ? {} : { from: leader.weights }),
        every: Math.max(1, Math.floor(steps / 4)),
        onPoint: async (step) => void points.push({ step, loss: await lossOn(engine, heldOut, 1024) }),
      })
      if (arm !== 'scratch') leaderLoss = points[0]!.loss
      curves[arm].push({ seed, points })
      options.keep?.(arm, await copyWeights(engine))
      lab.say(`fine-tuning, ${arm}, seed ${seed}: ${points.map(({ loss }) => loss.toFixed(3)).join(' ')}`)
    }
  }
  engine.dispose()
  return { leader: leader.name, corpus: leader.corpus, texts: heldOut.length, leaderLoss, steps, curves }
}

export const endsOf = (curves: readonly Curve[]) => curves.map(({ points }) => points.at(-1)!.loss)

export const fineTuning: Experiment<FineTuning> = {
  id: 'fine-tuning',
  run: (lab, { seeds, steps }) => runFineTuning(lab, { seeds, steps }),
  section({ leader, corpus, texts, leaderLoss, steps, curves }) {
    const ends = {
      leader: endsOf(curves.leader),
      scratch: endsOf(curves.scratch),
      short: endsOf(curves.short),
    }
    const names = Object.keys(arms) as Arm[]
    return {
      title: 'Fine-tuning from the leader',
      what: `Goes on from the published weights of the model with the most wins (${leader}) with data of its own region.`,
      when: 'Almost always, where a competitor already models your kind of data: it starts where the others have arrived.',
      setup: `${steps} steps of 1,024 bytes on 48 KiB of own ${corpus}; seeds ${curves.leader.map(({ seed }) => seed).join(', ')} choose the data, its order and, from scratch, the weights. Held out: ${texts} real submissions of that region, cross-entropy per byte in the contract's window of 1,024. Learning rate 1e-3 from the leader, 4e-3 (that of the world's models) from scratch.`,
      tables: [
        {
          caption: `Held-out loss in nats per byte, mean ± standard deviation over seeds; the leader itself has ${figure(leaderLoss)}`,
          header: ['arm', 'after the last step', 'least to most', 'minus the leader'],
          rows: names.map((name) => [
            arms[name].label,
            meanAndSpread(ends[name]),
            `${figure(spreadOf(ends[name]).least)} to ${figure(spreadOf(ends[name]).most)}`,
            differenceText(
              pairedDifference(
                ends[name],
                ends[name].map(() => leaderLoss),
              ),
            ),
          ]),
        },
      ],
      charts: [
        {
          title: `Held-out loss on ${corpus}, mean and range over seeds`,
          x: 'optimizer steps',
          y: 'nats per byte',
          lines: names.map((name) => ({
            label: arms[name].label,
            points: curves[name][0]!.points.map(({ step }, index) => {
              const { mean, least, most } = spreadOf(curves[name].map(({ points }) => points[index]!.loss))
              return { x: step, y: mean, low: least, high: most }
            }),
          })),
        },
      ],
      findings: [
        `From the leader minus from scratch, same data and steps: ${differenceText(pairedDifference(ends.leader, ends.scratch))}.`,
        `Windows of 512 minus windows of 128, both from the leader: ${differenceText(pairedDifference(ends.leader, ends.short))}. The world's models were trained on windows of 128 and are scored on 1,024: bytes late in a submission stand at positions that they have never seen. Train at the length at which the network scores.`,
      ],
      limits: [
        `At windows of 128, the length the leader was trained at, the loss by the contract ${spreadOf(ends.short).mean < leaderLoss ? 'falls' : 'rises'} by ${figure(Math.abs(spreadOf(ends.short).mean - leaderLoss))} in the mean${spreadOf(ends.short).least > leaderLoss ? ', and on every seed' : ''}: more of the same training does not help where the network looks.`,
        `From scratch ${steps} steps are not enough to reach the leader${spreadOf(ends.scratch).least > leaderLoss ? '' : ' on every seed'}.`,
      ],
    }
  },
}
