import type { Lab } from './lab.ts'

/** A run that is made once for a world and its seeds, for several effects and the page's figures. */
export function shared<T>(run: (lab: Lab, seeds: readonly number[]) => Promise<T>) {
  const made = new WeakMap<Lab['rivals'], Map<string, Promise<T>>>()
  return (lab: Lab, seeds: readonly number[]): Promise<T> => {
    const bySeeds = made.get(lab.rivals) ?? new Map<string, Promise<T>>()
    made.set(lab.rivals, bySeeds)
    const result = bySeeds.get(seeds.join()) ?? run(lab, seeds)
    bySeeds.set(seeds.join(), result)
    return result
  }
}
