import { Radio } from '@mantine/core'
import { formatPlural } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import type { SparseRegion } from '../../strategies/map/sparse-regions.ts'
import { Card } from '../../ui/card.tsx'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import { Sub } from '../../ui/text.tsx'
import ui from '../../ui/ui.module.css'
import styles from './strategies.module.css'

/** Where there is data and few models, the loneliest first; one of them is chosen. */
export function RegionTable(props: {
  regions: readonly SparseRegion[]
  chosen: string | null
  onChoose: (id: string) => void
}) {
  return (
    <Card title="Regions with data and few models">
      {props.regions.length === 0 ? (
        <Sub>No filled target with its data is known yet; regions are found among them.</Sub>
      ) : (
        <>
          <Sub>Cosines: crowding is the mean over the five nearest models, the lower the lonelier.</Sub>
          <div className={styles.compact}>
            <ScrollTable label="Sparse regions">
              <thead>
                <tr>
                  <th scope="col">Around target</th>
                  <th
                    scope="col"
                    className={ui.number}
                    title="Mean cosine to the five nearest models: low where nobody is"
                  >
                    Crowding
                  </th>
                  <th scope="col" className={ui.number} title="Cosine to the nearest model">
                    Nearest
                  </th>
                  <th scope="col" className={ui.number}>
                    Data
                  </th>
                </tr>
              </thead>
              <tbody>
                {props.regions.map((region) => (
                  <tr key={region.id}>
                    <td>
                      <Radio
                        size="xs"
                        name="region"
                        label={compactAddress(region.id)}
                        title={region.id}
                        value={region.id}
                        checked={region.id === props.chosen}
                        onChange={() => props.onChoose(region.id)}
                      />
                    </td>
                    <td className={ui.number}>{region.crowding.toFixed(3)}</td>
                    <td className={ui.number}>{region.nearest.toFixed(3)}</td>
                    <td className={ui.number}>{formatPlural(region.members.length, 'target')}</td>
                  </tr>
                ))}
              </tbody>
            </ScrollTable>
          </div>
        </>
      )}
    </Card>
  )
}
