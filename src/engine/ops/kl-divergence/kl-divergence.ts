import { defineKernel } from '../../../gpu/kernel.ts'
import { groupTwin, rowVariant, type Unit } from '../variant.ts'
import groupReduceWgsl from '../wgsl/group-reduce.wgsl?raw'
import logWgsl from '../wgsl/log.wgsl?raw'
import klWgsl from './kl-divergence.wgsl?raw'
import klGroupWgsl from './kl-divergence-group.wgsl?raw'

const klKernel = defineKernel({
  name: 'kl-divergence',
  source: klWgsl,
  includes: [logWgsl],
  bindings: { teacher: 'read vec4f', targets: 'read i32', student: 'update vec4f', losses: 'write f32' },
  params: { vocab: 'u32', inverse_temperature: 'f32', scale: 'f32' },
})

const twins = { thread: klKernel, group: groupTwin(klKernel, klGroupWgsl, [groupReduceWgsl]) }

/**
 * KL(teacher || student) in nats of logits [rows, vocab] at a temperature T, and scale * its gradient in the place of the
 * student's logits. The usual factor T^2 belongs into `scale` and to the losses. With `targets` bound the constants need
 * PAD, and rows with that target give 0.
 */
export function klVariant(unit: Unit, rows: number, vocab: number) {
  return rowVariant(unit, twins, rows, vocab)
}
