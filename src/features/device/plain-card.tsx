import { useState } from 'react'
import { formatCount } from '../../lib/format-count.ts'
import { Card } from '../../ui/card.tsx'
import { type RowEntry, Rows } from '../../ui/rows.tsx'
import { Big } from '../../ui/text.tsx'
import type { DeviceReport } from '../../worker/protocol.ts'

/** What computes where there is no WebGPU, what that allows and what waits for WebGPU. */
export function PlainCard({ report }: { report: DeviceReport }) {
  const [webgl] = useState(readWebgl)
  return (
    <Card title="Engine">
      <Big testId="plain-engine">{report.description}</Big>
      <Rows
        entries={[
          { label: 'Trains here', value: 'small and practice, slowly' },
          { label: 'Needs WebGPU', value: 'v1, memory plans, self-check, tuning, benchmark' },
          ...webgl,
        ]}
      />
    </Card>
  )
}

/** What WebGL says of itself; TensorFlow.js uses it only where it renders 32-bit floats. */
function readWebgl(): readonly RowEntry[] {
  const gl = document.createElement('canvas').getContext('webgl2')
  if (!gl) return [{ label: 'WebGL 2', value: 'not offered by this browser' }]
  const names = gl.getExtension('WEBGL_debug_renderer_info')
  const rows = [
    {
      label: 'WebGL renderer',
      value: String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER)),
    },
    { label: 'Largest texture', value: `${formatCount(gl.getParameter(gl.MAX_TEXTURE_SIZE))} texels a side` },
    {
      label: 'Renders 32-bit floats',
      value: gl.getExtension('EXT_color_buffer_float') ? 'yes' : 'no',
      source: 'EXT_color_buffer_float',
    },
  ]
  gl.getExtension('WEBGL_lose_context')?.loseContext()
  return rows
}
