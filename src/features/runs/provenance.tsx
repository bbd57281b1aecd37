import { formatCount, formatPlural } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import { type RowEntry, Rows } from '../../ui/rows.tsx'
import { Sub } from '../../ui/text.tsx'
import type { RunRecord } from '../../worker/protocol.ts'
import type { StrategyEntry } from '../../worker/strategy-protocol.ts'
import { optimizerWords } from '../describe-run.ts'
import styles from './runs.module.css'

const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** What the run was made from, and what was measured of it when. */
export function Provenance(props: { run: RunRecord; strategies: readonly StrategyEntry[] }) {
  const { run, strategies } = props
  return (
    <>
      <section aria-label="Made from">
        <h3 className={styles.heading}>Made from</h3>
        <Rows entries={madeFrom(run)} />
      </section>
      {strategies.length > 0 && (
        <section aria-label="What strategies found">
          <h3 className={styles.heading}>What strategies found</h3>
          <ul className={styles.found} data-testid="run-strategies">
            {strategies.toReversed().map((entry) => (
              <li key={`${entry.at} ${entry.kind}`} data-kind={entry.kind}>
                <Sub>{entry.summary}.</Sub>
                <Sub>{placeOf(entry)}</Sub>
                <details>
                  <summary>Inputs and figures</summary>
                  <pre>{JSON.stringify({ inputs: entry.inputs, outcome: entry.outcome }, null, 1)}</pre>
                </details>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function placeOf({ at, network, checkpoint }: StrategyEntry): string {
  return [
    when.format(at),
    ...(checkpoint
      ? [`checkpoint of step ${formatCount(checkpoint.step)} (${compactAddress(checkpoint.weightsDigest)})`]
      : []),
    ...(network ? [`${network.name}, epoch ${network.epoch}`] : []),
  ].join(', ')
}

function madeFrom(run: RunRecord): RowEntry[] {
  const { merge, distillation, corpus } = run
  return [
    { label: 'Start', value: run.startFrom },
    ...(merge?.parts ?? []).map(({ label, digest }, index) => ({
      label: `Part ${index + 1}`,
      value: `${label}, ${compactAddress(digest)}`,
      source: `BLAKE2b-256: ${digest}`,
    })),
    ...(merge ? [{ label: 'Optimizer', value: optimizerWords(run) }] : []),
    ...(distillation?.teachers ?? []).map(({ label, digest, weight }, index) => ({
      label: `Teacher ${index + 1}`,
      value: `${label}, weight ${weight}, ${compactAddress(digest)}`,
      source: `BLAKE2b-256: ${digest}`,
    })),
    ...(distillation
      ? [
          {
            label: 'Distillation',
            value: [
              `alpha ${distillation.alpha}`,
              ...(distillation.logits
                ? [`KL weight ${distillation.logits.weight}, temperature ${distillation.logits.temperature}`]
                : []),
            ].join(', '),
          },
        ]
      : []),
    {
      label: 'Data',
      value: `${formatPlural(corpus.sources.length, 'source')}, ${compactAddress(corpus.digest)}`,
      source: corpus.sources.map(({ name }) => name).join('\n'),
    },
  ]
}
