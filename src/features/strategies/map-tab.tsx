import { Button, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { formatPlural } from '../../lib/format-count.ts'
import type { MapView } from '../../stores/strategy-store.ts'
import { Card } from '../../ui/card.tsx'
import { Swatch } from '../../ui/charts/plot-tooltip.tsx'
import { Sub } from '../../ui/text.tsx'
import { useAct, useStudioState } from '../studio-context.tsx'
import { EmbeddingMap } from './embedding-map.tsx'
import { percent } from './forecast-results.tsx'
import { RegionCard } from './region-card.tsx'
import { RegionTable } from './region-table.tsx'
import styles from './strategies.module.css'
import { StrategyStatus, useWhyNot, WhyNot } from './strategy-status.tsx'

/** Where the models stand, where data lies, and where few models are. */
export function MapTab() {
  const act = useAct()
  const map = useStudioState('strategy', (state) => state.map)
  const [method, setMethod] = useState<MapView['method']>(map?.method ?? 'pca')
  const [picked, setPicked] = useState<string | null>(null)
  const revealed = useStudioState(
    'network',
    (state) => state.system?.models.filter(({ embedding }) => embedding).length ?? 0,
  )
  const whyNot = useWhyNot(false) ?? (revealed === 0 ? 'No model of this network has been revealed.' : null)
  const region = map?.regions.find(({ id }) => id === picked) ?? map?.regions[0] ?? null
  return (
    <div className={styles.column}>
      <Card
        title="Embeddings"
        action={
          <div className={styles.tools}>
            <SegmentedControl
              size="xs"
              aria-label="How the map is laid out"
              value={method}
              onChange={(value) => setMethod(value as MapView['method'])}
              data={[
                { value: 'pca', label: 'PCA' },
                { value: 'umap', label: 'UMAP' },
              ]}
            />
            <Button
              size="xs"
              variant={map?.method === method ? 'default' : 'filled'}
              data-testid="map-button"
              disabled={whyNot !== null}
              onClick={() => act((actions) => actions.drawMap(method))}
            >
              {map ? 'Draw again' : 'Draw the map'}
            </Button>
          </div>
        }
      >
        <StrategyStatus tab="map" kept="The map is as it was." />
        {map ? (
          <div
            className={styles.results}
            data-testid="map"
            data-method={map.method}
            data-regions={map.regions.length}
          >
            <Sub>{mapWords(map)}</Sub>
            <WhyNot why={whyNot} />
            <EmbeddingMap map={map} chosen={region} onChoose={setPicked} />
            <Legend hasOthers={map.others.length > 0} />
          </div>
        ) : (
          <div className={styles.empty}>
            <span>
              {whyNot ??
                'Draw the map to see every revealed model by its embedding, the data that filled targets, and the regions between.'}
            </span>
          </div>
        )}
      </Card>
      {map && (
        <div className={styles.halves}>
          <RegionTable regions={map.regions} chosen={region?.id ?? null} onChoose={setPicked} />
          {region && <RegionCard region={region} />}
        </div>
      )}
    </div>
  )
}

function mapWords({ method, models, data, explained }: MapView): string {
  const what = `${formatPlural(models.length, 'revealed model')} and the data of ${formatPlural(data.length, 'filled target')}`
  const shade = 'The stronger the shade, the more crowded.'
  if (method === 'umap') {
    return `${what} by UMAP: neighbours stay together, distances between groups say little. ${shade}`
  }
  const variance = explained
    ? `, which show ${percent(explained[0] + explained[1])} of the models’ variance`
    : ''
  return `${what} on the models’ first two principal components${variance}. ${shade}`
}

function Legend({ hasOthers }: { hasOthers: boolean }) {
  return (
    <Sub>
      <Swatch color="var(--train)" />
      model &ensp;
      <Swatch color="var(--accent)" />
      yours, larger &ensp;
      <Swatch color="var(--val)" />
      data, ringed where it belongs to the chosen region &ensp;
      <Swatch color="var(--bad)" />
      centre of a sparse region (a diamond), click to choose
      {hasOthers && ' · hollow: packaged, not revealed yet'}
    </Sub>
  )
}
