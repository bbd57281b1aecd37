import ui from './ui.module.css'

/** Where something was fetched from, folded away under `title`. */
export function ProvenanceDetails(props: { title: string; provenance: Readonly<Record<string, string>> }) {
  return (
    <details className={ui.provenance}>
      <summary>{props.title}</summary>
      <dl>
        {Object.entries(props.provenance).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
