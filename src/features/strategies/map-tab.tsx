import { Button } from '@mantine/core'
import { formatPlural } from '../../lib/format-count.ts'
import { compactAddress } from '../../lib/soma-address.ts'
import type { MapView } from '../../stores/strategy-store.ts'
import { Card } from '../../ui/card.tsx'
import { Swatch } from '../../ui/charts/plot-tooltip.tsx'
import { ScrollTable } from '../../ui/scroll-table.tsx'
import { Code, Sub } from '../../ui/text.tsx'
import ui from '../../ui/ui.module.css'
import { useAct, useStudioState } from '../studio-context.tsx'
import { EmbeddingMap } from './embedding-map.tsx'
import { percent } from './forecast-results.tsx'
import styles from './strategies.module.css'
import { StrategyStatus, useWhyNot } from './strategy-status.tsx'

/** Where the models stand, where data lies, and where few models are. */
export function MapTab() {
  const act = useAct()
  const map = useStudioState('strategy', (state) => state.map)
  const revealed = useStudioState(
    'network',
    (state) => state.system?.models.filter(({ embedding }) => embedding).length ?? 0,
  )
  const whyNot = useWhyNot(false) ?? (revealed === 0 ? 'No model of this network has been revealed.' : null)
  return (
    <div className={styles.column}>
      <StrategyStatus tab="map" />
      <Card
        title="Embeddings"
        action={
          <Button
            size="xs"
            variant={map ? 'default' : 'filled'}
            data-testid="map-button"
            disabled={whyNot !== null}
            onClick={() => act((actions) => actions.drawMap())}
          >
            {map ? 'Draw again' : 'Draw the map'}
          </Button>
        }
      >
        {map ? (
          <div className={styles.results} data-testid="map" data-regions={map.regions.length}>
            <Sub>
              {formatPlural(map.models.length, 'revealed model')} and the data of{' '}
              {formatPlural(map.data.length, 'filled target')} on their first two principal components
              {map.explained &&
                `, which show ${percent(map.explained[0] + map.explained[1])} of the models’ variance`}
              . The stronger the shade, the more crowded.
            </Sub>
            <EmbeddingMap map={map} />
            <Legend hasOthers={map.others.length > 0} />
          </div>
        ) : (
          <div className={styles.empty}>
            <span>
              {whyNot ??
                'Every revealed model by its embedding, with the data that targets were filled with.'}
            </span>
          </div>
        )}
      </Card>
      {map && <Regions map={map} />}
    </div>
  )
}

function Legend({ hasOthers }: { hasOthers: boolean }) {
  return (
    <Sub>
      <Swatch color="var(--train)" />
      model &ensp;
      <Swatch color="var(--accent)" />
      yours &ensp;
      <Swatch color="var(--val)" />
      data &ensp;
      <Swatch color="var(--bad)" />
      centre of a sparse region
      {hasOthers && ' · hollow: packaged, not revealed yet'}
    </Sub>
  )
}

function Regions({ map }: { map: MapView }) {
  const act = useAct()
  const whyNot = useWhyNot(false)
  return (
    <Card title="Regions with data and few models">
      {map.regions.length === 0 ? (
        <Sub>No filled target with its data is known yet; regions are found among them.</Sub>
      ) : (
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
                Nearest model
              </th>
              <th scope="col" className={ui.number}>
                Data
              </th>
              <th scope="col">Use</th>
            </tr>
          </thead>
          <tbody>
            {map.regions.map((region) => (
              <tr key={region.id}>
                <td>
                  <Code title={region.id}>{compactAddress(region.id)}</Code>
                </td>
                <td className={ui.number}>{region.crowding.toFixed(3)}</td>
                <td className={ui.number}>{region.nearest.toFixed(3)}</td>
                <td className={ui.number}>{formatPlural(region.members.length, 'target')}</td>
                <td>
                  <Button
                    size="xs"
                    disabled={whyNot !== null}
                    onClick={() => act((actions) => actions.trainOnRegion(region.members))}
                  >
                    Train on its data
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Card>
  )
}
