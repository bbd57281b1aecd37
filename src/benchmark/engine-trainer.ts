import type { Engine } from '../engine/engine.ts'
import type { Trainer, TrainerInput } from './trainer.ts'

/** One of our engines in a comparison, with fresh weights. */
export async function engineTrainer(name: string, engine: Engine, input: TrainerInput): Promise<Trainer> {
  const { batch, noise, learningRate, seed } = input
  await engine.initialise(seed)
  return {
    name,
    async step(step) {
      const request = { microBatches: [batch], learningRate, dropout: 0, seed, noise: [noise(step)] }
      return (await engine.step(request)).loss
    },
    dispose: () => engine.dispose(),
  }
}
