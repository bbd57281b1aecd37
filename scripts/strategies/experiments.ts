import { averaging } from './averaging.ts'
import { distilling } from './distilling.ts'
import { fineTuning } from './fine-tuning.ts'
import { margins } from './margins.ts'
import { placing } from './placing.ts'
import { genesis } from './placing-genesis.ts'
import { plantedGap } from './planted-gap.ts'
import { recipes } from './recipes.ts'
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
  plantedGap,
  specialising,
  genesis,
  updating,
  placing,
  routing,
  recipes,
  margins,
] as Experiment[]
