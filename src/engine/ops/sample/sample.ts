import { defineKernel } from '../../../gpu/kernel.ts'
import philoxWgsl from '../wgsl/philox.wgsl?raw'
import sampleWgsl from './sample.wgsl?raw'

/**
 * Draws the next byte and appends it to the tokens [positions], so that a text grows without a wait for the CPU. `logits`
 * has 256 values or more; `cursor` holds the position of the last token and the number of the byte, from 0; `drawn` is a
 * ring of the bytes by number. `inverse_temperature` 0 takes the largest. One thread: 512 exponentials.
 */
export const sampleKernel = defineKernel({
  name: 'sample',
  source: sampleWgsl,
  includes: [philoxWgsl],
  bindings: { logits: 'read f32', cursor: 'update i32', tokens: 'update i32', drawn: 'update f32' },
  params: { seed: 'u32', inverse_temperature: 'f32', positions: 'u32' },
})
