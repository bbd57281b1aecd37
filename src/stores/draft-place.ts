import type { NetworkState, WorldName } from './network-store.ts'

/** Where a model lives: a world of the practice network by its name, or another network by its id. */
export type Place = string

const worlds: readonly string[] = ['small', 'practice'] satisfies WorldName[]

export function isWorld(place: Place): place is WorldName {
  return worlds.includes(place)
}

/** The place that is open. */
export function placeOf({ network, world }: Pick<NetworkState, 'network' | 'world'>): Place {
  return network.kind === 'practice' ? world : network.id
}

/** The open place in words that fit after "belongs to". */
export function placeName({ network, world }: Pick<NetworkState, 'network' | 'world'>): string {
  return network.kind === 'practice' ? worldName(world) : network.name
}

export function worldName(world: Place): string {
  return `the ${world} world`
}
