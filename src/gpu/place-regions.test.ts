import { describe, expect, it } from 'vitest'
import { defineKernel } from './kernel.ts'
import { placeRegions } from './place-regions.ts'
import { Schedule, type Slice } from './schedule.ts'

const copy = defineKernel({
  name: 'copy',
  source: '',
  bindings: { x: 'read f32', y: 'write f32' },
  params: {},
})

function chain(sizes: readonly number[], kept: readonly number[] = []) {
  const schedule = new Schedule<never>()
  const slices = sizes.map((bytes, index): Slice => {
    return kept.includes(index) ? schedule.kept(`r${index}`, bytes) : schedule.scratch(`r${index}`, bytes)
  })
  for (let index = 1; index < slices.length; index += 1) {
    const call = { slices: { x: slices[index - 1]!, y: slices[index]! }, params: {}, threads: 1 }
    schedule.add(copy, call)
  }
  return { schedule, slices }
}

describe('placeRegions', () => {
  it('gives a chain two buffers in turn', () => {
    const { schedule, slices } = chain([64, 64, 64, 64, 64])
    const { sizes, places } = placeRegions(schedule.dispatches)
    expect(sizes).toEqual([64, 64])
    const order = slices.map(({ region }) => places.get(region))
    for (let index = 1; index < order.length; index += 1) expect(order[index]).not.toBe(order[index - 1])
  })

  it('leaves what is kept alone and puts small regions into large buffers', () => {
    const { schedule, slices } = chain([16, 256, 16, 16, 256], [2])
    const { sizes, places } = placeRegions(schedule.dispatches)
    expect([...sizes].sort((a, b) => a - b)).toEqual([16, 16, 256])
    const kept = places.get(slices[2]!.region)
    expect([...places.values()].filter((place) => place === kept)).toHaveLength(1)
  })

  it('refuses a dispatch that reads what it writes', () => {
    const schedule = new Schedule<never>()
    const slice = schedule.scratch('same', 16)
    const call = { slices: { x: slice, y: slice }, params: {}, threads: 1 }
    expect(() => schedule.add(copy, call)).toThrow('copy reads and writes same')
  })
})
