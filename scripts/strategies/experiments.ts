import { averaging } from './averaging.ts'
import { competitors } from './competitors.ts'
import { confirmation } from './confirmation.ts'
import { distilling } from './distilling.ts'
import { fineTuning } from './fine-tuning.ts'
import { margins } from './margins.ts'
import { placing } from './placing.ts'
import { genesis } from './placing-genesis.ts'
import { plantedGap } from './planted-gap.ts'
import { recipes } from './recipes.ts'
import { rounds } from './rounds.ts'
import { routing } from './routing.ts'
import type { Experiment } from './section.ts'
import { severalTeachers } from './several-teachers.ts'
import { soups } from './soups.ts'
import { specialising } from './specialising.ts'
import { taskVectors } from './task-vectors.ts'
import { updating } from './updating.ts'

/** In the order of the page. */
export const experiments: readonly Experiment[] = [
  competitors,
  fineTuning,
  distilling,
  severalTeachers,
  averaging,
  soups,
  taskVectors,
  plantedGap,
  specialising,
  genesis,
  updating,
  placing,
  routing,
  rounds,
  recipes,
  margins,
  confirmation,
] as Experiment[]
