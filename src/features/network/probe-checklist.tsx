import type { NetworkProbe, ProbeItem } from '../../chain/probe-network.ts'
import { Hidden } from '../../ui/text.tsx'
import styles from './network.module.css'

const signs = { yes: '✓', no: '✕', unknown: '–' } as const

/** What the network can do, a line each; a "no" gives its reason. */
export function ProbeChecklist({ probe }: { probe: NetworkProbe }) {
  return (
    <ul className={styles.checks} data-testid="probe">
      {probe.items.map((item) => (
        <Line key={item.name} item={item} />
      ))}
    </ul>
  )
}

function Line({ item: { name, label, ok, detail } }: { item: ProbeItem }) {
  const answer = ok === null ? 'unknown' : ok ? 'yes' : 'no'
  return (
    <li data-probe={name} data-answer={answer}>
      <span className={styles.sign} aria-hidden="true">
        {signs[answer]}
      </span>
      <span>
        <b>{label}</b>
        <Hidden>: {answer}.</Hidden> <span className={styles.detail}>{detail}</span>
      </span>
    </li>
  )
}
