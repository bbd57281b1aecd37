import type { Region, ScheduledDispatch } from './schedule.ts'

/** Buffers of a schedule: their sizes in bytes, and which one holds a region (always from its first byte). */
export interface Placement {
  readonly sizes: readonly number[]
  readonly places: ReadonlyMap<Region, number>
}

interface Life {
  readonly region: Region
  readonly first: number
  last: number
}

/**
 * Gives regions that never live at the same time one buffer, the largest region first and each into the smallest
 * buffer that is free then. A buffer holds one live region at a time, so a dispatch never reads the buffer that it
 * writes.
 */
export function placeRegions(dispatches: readonly ScheduledDispatch<never>[]): Placement {
  const lives = regionLives(dispatches)
  const buffers: { size: number; holds: Life[] }[] = []
  const places = new Map<Region, number>()
  for (const life of lives.sort((a, b) => b.region.bytes - a.region.bytes)) {
    let best = -1
    buffers.forEach(({ size, holds }, index) => {
      const free = holds.every((other) => other.last < life.first || life.last < other.first)
      if (free && (best < 0 || size < buffers[best]!.size)) best = index
    })
    if (best < 0) best = buffers.push({ size: life.region.bytes, holds: [] }) - 1
    buffers[best]!.holds.push(life)
    places.set(life.region, best)
  }
  return { sizes: buffers.map(({ size }) => size), places }
}

function regionLives(dispatches: readonly ScheduledDispatch<never>[]): Life[] {
  const lives = new Map<Region, Life>()
  dispatches.forEach(({ slices, bound }, index) => {
    for (const name of bound) {
      const { region } = slices[name]!
      if (region.life === 'external') continue
      const known = lives.get(region)
      if (known) known.last = Math.max(known.last, index)
      else if (region.life === 'kept') lives.set(region, { region, first: 0, last: dispatches.length })
      else lives.set(region, { region, first: index, last: index })
    }
  })
  return [...lives.values()]
}
