import type { SweepView } from '../../stores/strategy-store.ts'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import ui from '../../ui/ui.module.css'
import { sweepFigures } from './sweep-figures.ts'

/** What the curve says in figures: whether a blend is below both models, and what lies halfway. */
export function SweepTable({ sweep: { points, data, best } }: { sweep: SweepView }) {
  if (!best) return null
  return (
    <ScrollTable label="Losses of the two models and between them" stacks>
      <thead>
        <tr>
          <th scope="col">Contract loss on</th>
          <th scope="col" className={ui.number}>
            Mine
          </th>
          <th scope="col" className={ui.number}>
            Halfway
          </th>
          <th scope="col" className={ui.number}>
            Theirs
          </th>
          <th scope="col" className={ui.number}>
            Best blend
          </th>
          <th scope="col" className={ui.number}>
            Against the better model
          </th>
        </tr>
      </thead>
      <tbody data-testid="sweep-figures">
        {sweepFigures(points, data).map(({ name, mine, halfway, theirs, blend }) => {
          const change = blend.loss - Math.min(mine, theirs)
          return (
            <tr
              key={name}
              data-mine={mine}
              data-halfway={halfway}
              data-theirs={theirs}
              data-blend={blend.loss}
            >
              <td>{name}</td>
              <td className={ui.number} data-label="Mine">
                {mine.toFixed(4)}
              </td>
              <td className={ui.number} data-label="Halfway">
                {halfway.toFixed(4)}
              </td>
              <td className={ui.number} data-label="Theirs">
                {theirs.toFixed(4)}
              </td>
              <td className={ui.number} data-label="Best blend">
                {blend.loss.toFixed(4)} at {Number(blend.beta.toFixed(2))}
              </td>
              <td className={ui.number} data-label="Against the better model">
                {Math.abs(change).toFixed(4)} {change < 0 ? 'lower' : 'higher'}
              </td>
            </tr>
          )
        })}
      </tbody>
    </ScrollTable>
  )
}
