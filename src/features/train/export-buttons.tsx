import { Button } from '@mantine/core'
import { chartPng } from '../../ui/charts/chart-png.ts'
import { offerFile } from '../offer-file.ts'
import { showError, useStudio, useStudioState } from '../studio-context.tsx'
import { exportMetrics, fileNameOf } from './export-metrics.ts'

/** The metrics of the run on screen as a file, and its chart as a picture. */
export function ExportButtons() {
  const { run } = useStudio().stores
  const hasSteps = useStudioState('run', (state) => state.series.last('step') !== undefined)
  const savePicture = async (from: HTMLElement) => {
    const card = from.closest('section')
    const chart = card?.querySelector<SVGSVGElement>('svg.recharts-surface')
    if (!card || !chart) return
    const picture = await chartPng(chart, getComputedStyle(card).backgroundColor)
    offerFile(picture, `${fileNameOf(run.getState())}-loss.png`)
  }
  return (
    <Button.Group>
      <Button
        size="xs"
        disabled={!hasSteps}
        aria-label="Export the metrics as CSV"
        aria-keyshortcuts="E"
        title="Every metric of every step (E); JSON lines and the record are on the Runs screen"
        data-testid="export-metrics"
        onClick={() => exportMetrics(run.getState())}
      >
        CSV
      </Button>
      <Button
        size="xs"
        disabled={!hasSteps}
        aria-label="Export the chart as PNG"
        title="The chart as it is drawn now"
        data-testid="export-chart"
        onClick={(event) => void savePicture(event.currentTarget).catch(showError)}
      >
        PNG
      </Button>
    </Button.Group>
  )
}
