import { Card } from '../../ui/card.tsx'
import { type RowEntry, Rows } from '../../ui/rows.tsx'
import { Big, Sub } from '../../ui/text.tsx'
import type { DeviceReport } from '../../worker/protocol.ts'
import { useGemmLimit } from '../use-gemm-limit.ts'
import { formatRate } from './format-rate.ts'

/** Features of WebGPU that the studio uses where they are offered. */
const usedFeatures: readonly { readonly name: string; readonly use: string }[] = [
  { name: 'subgroups', use: 'threads that exchange values' },
  { name: 'shader-f16', use: '16-bit values' },
  { name: 'timestamp-query', use: 'timing of single kernels' },
]

/** The adapter's own words, and which optional features it has. */
export function AdapterCard({ report }: { report: DeviceReport }) {
  const { adapter, features } = report
  const peak = useGemmLimit()
  const rows: RowEntry[] = [
    {
      label: 'GEMM peak',
      value: peak === undefined ? 'not measured yet' : formatRate(peak),
      source: 'Best matrix product of 512 × 512 × 512 that the benchmark found, f32',
    },
    ...words(adapter, 'vendor', 'Vendor'),
    ...words(adapter, 'architecture', 'Architecture'),
    ...words(adapter, 'device', 'Device'),
    ...subgroupSizes(adapter),
    ...usedFeatures.map(({ name, use }) => ({
      label: `${name}, ${use}`,
      value: features.includes(name) ? 'yes' : 'no',
      source: 'Optional feature of WebGPU; the studio works without it',
    })),
  ]
  return (
    <Card title="Adapter">
      <Big testId="adapter-name">{report.description}</Big>
      {report.isFallback && (
        <Sub testId="fallback-words">
          A software adapter: the processor stands in for a graphics card. It computes the same numbers, far
          slower than a graphics card would.
        </Sub>
      )}
      <Rows entries={rows} />
    </Card>
  )
}

function words(adapter: DeviceReport['adapter'], key: string, label: string): RowEntry[] {
  const value = adapter[key]
  return value === undefined ? [] : [{ label, value, source: `GPUAdapterInfo.${key}` }]
}

function subgroupSizes({
  subgroupMinSize: least,
  subgroupMaxSize: most,
}: DeviceReport['adapter']): RowEntry[] {
  if (least === undefined || most === undefined) return []
  const value = least === most ? `${least} lanes` : `${least} to ${most} lanes`
  return [{ label: 'Subgroup size', value, source: 'GPUAdapterInfo.subgroupMinSize and subgroupMaxSize' }]
}
