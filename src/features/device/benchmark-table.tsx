import { Fragment } from 'react'
import type { Comparison } from '../../benchmark/compare-trainers.ts'
import { formatBytes } from '../../lib/format-bytes.ts'
import { formatCount } from '../../lib/format-count.ts'
import { formatShare } from '../../lib/format-share.ts'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import { Sub } from '../../ui/text.tsx'
import ui from '../../ui/ui.module.css'
import { formatSeconds } from './format-seconds.ts'

/** The trainers as people call them. */
export const trainerNames: Readonly<Record<string, string>> = {
  fused: 'Fused engine',
  reference: 'Reference: TensorFlow.js tape, our kernels',
  tfjs: 'Stock TensorFlow.js',
  jaxjs: 'jax-js',
}

/** The jobs as the bench of the repository names them. */
const jobs: Readonly<Record<string, string>> = {
  d64: 'd 64, 2 layers, 2 × 64 tokens',
  d128: 'd 128, 4 layers, 2 × 128 tokens',
  d256: 'd 256, 4 layers, 2 × 256 tokens',
}

/** Seconds, share of the limit and counts of each job and trainer. */
export function BenchmarkTable({ comparisons }: { comparisons: readonly Comparison[] }) {
  const worst = Math.max(...comparisons.map(({ worstLossDifference }) => worstLossDifference))
  return (
    <>
      <ScrollTable label="Results of the benchmark" stacks>
        <thead>
          <tr>
            <th scope="col">Job and trainer</th>
            <th scope="col" className={ui.number} title="Median, from an idle queue to the loss read back">
              A step
            </th>
            <th scope="col" className={ui.number} title="Matrix products of a step over those of the limit">
              Of the limit
            </th>
            <th scope="col" className={ui.number} title="Dispatches and submits of a step, counted">
              Dispatches / submits
            </th>
            <th
              scope="col"
              className={ui.number}
              title="Most bytes of buffers at a time, weights and moments included, counted"
            >
              Peak memory
            </th>
            <th scope="col" className={ui.number} title="Compiling of kernels included">
              First step
            </th>
          </tr>
        </thead>
        <tbody>
          {comparisons.map((comparison) => (
            <Fragment key={comparison.config}>
              <tr>
                <th scope="rowgroup" colSpan={6}>
                  {jobs[comparison.config] ?? comparison.config}
                </th>
              </tr>
              {Object.keys(comparison.secondsPerStep).map((name) => (
                <TrainerRow key={name} name={name} comparison={comparison} />
              ))}
            </Fragment>
          ))}
        </tbody>
      </ScrollTable>
      <Sub>
        All trainers take the same steps from the same weights in turns; their losses differ by{' '}
        {worst.toExponential(1)} nats at most.
      </Sub>
      {comparisons.flatMap(({ config, leftOut = {} }) =>
        Object.entries(leftOut).map(([name, reason]) => (
          <Sub key={`${config} ${name}`}>
            {trainerNames[name] ?? name} could not do {config} here and was left out: {reason}
          </Sub>
        )),
      )}
    </>
  )
}

function TrainerRow({ name, comparison }: { name: string; comparison: Comparison }) {
  const { secondsPerStep, shareOfGemmLimit, dispatches, submits, peakBytes, firstStepSeconds } = comparison
  // Its pool of buffers may be from before, so what it takes cannot be told.
  const memory = name === 'reference' ? '–' : formatBytes(peakBytes[name] ?? Number.NaN)
  const number = (values: Readonly<Record<string, number>>) => values[name] ?? Number.NaN
  return (
    <tr data-trainer={name} data-config={comparison.config}>
      <td>{trainerNames[name] ?? name}</td>
      <td className={ui.number} data-label="A step">
        {formatSeconds(number(secondsPerStep))}
      </td>
      <td className={ui.number} data-label="Of the limit">
        {formatShare(number(shareOfGemmLimit))}
      </td>
      <td className={ui.number} data-label="Dispatches / submits">
        {formatCount(number(dispatches))} / {formatCount(number(submits))}
      </td>
      <td className={ui.number} data-label="Peak memory">
        {memory}
      </td>
      <td className={ui.number} data-label="First step">
        {formatSeconds(number(firstStepSeconds))}
      </td>
    </tr>
  )
}
