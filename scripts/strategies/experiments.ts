import { averaging } from './averaging.ts'
import { distilling } from './distilling.ts'
import { fineTuning } from './fine-tuning.ts'
import { routing } from './routing.ts'
import type { Experiment } from './section.ts'
import { soups } from './soups.ts'
import { specialising } from './specialising.ts'
import { updating } from './updating.ts'

/** In the order of the page. */
export const experiments: readonly Experiment[] = [
  fineTuning,
  distilling,
  averaging,
  soups,
  specialising,
  routing,
  updating,
] as Experiment[]
