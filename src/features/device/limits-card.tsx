import { formatBytes } from '../../lib/format-bytes.ts'
import { formatCount } from '../../lib/format-count.ts'
import { Card } from '../../ui/card.tsx'
import { type RowEntry, Rows } from '../../ui/rows.tsx'
import type { DeviceReport } from '../../worker/protocol.ts'
import styles from './device.module.css'

/** The limits that decide what fits, in words; the rest goes by WebGPU's names. */
const named: readonly { readonly limit: string; readonly label: string; readonly bytes?: true }[] = [
  { limit: 'maxBufferSize', label: 'Largest buffer', bytes: true },
  { limit: 'maxStorageBufferBindingSize', label: 'Largest binding', bytes: true },
  { limit: 'maxStorageBuffersPerShaderStage', label: 'Storage buffers of a kernel' },
  { limit: 'maxComputeWorkgroupStorageSize', label: 'Shared memory of a workgroup', bytes: true },
  { limit: 'maxComputeInvocationsPerWorkgroup', label: 'Threads of a workgroup' },
  { limit: 'maxComputeWorkgroupsPerDimension', label: 'Workgroups of a dispatch, each way' },
]

/** What the device allows; the studio asks for all that the adapter offers. */
export function LimitsCard({ report }: { report: DeviceReport }) {
  const { limits, features } = report
  const rows = named.map(
    ({ limit, label, bytes }): RowEntry => ({
      label,
      value: bytes ? formatBytes(limits[limit] ?? Number.NaN) : formatCount(limits[limit] ?? Number.NaN),
      source: `GPUSupportedLimits.${limit}: ${formatCount(limits[limit] ?? Number.NaN)}`,
    }),
  )
  const others = Object.keys(limits).filter((name) => !named.some(({ limit }) => limit === name))
  return (
    <Card title="Limits">
      <Rows entries={rows} />
      <details className={styles.details}>
        <summary>All other limits and features</summary>
        <Rows entries={others.sort().map((name) => ({ label: name, value: formatCount(limits[name]!) }))} />
        <p className={styles.features}>Features in use: {features.join(', ') || 'none'}.</p>
      </details>
    </Card>
  )
}
