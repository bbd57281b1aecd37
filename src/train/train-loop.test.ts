import { expect, test } from 'vitest'
import type { Engine, StepRequest, StepResult, TokenBatch } from '../engine/engine.ts'
import { StudioError } from '../lib/studio-error.ts'
import { defaultRecipe, type Recipe } from './recipe.ts'
import { createRunControl } from './run-control.ts'
import { type StepMetrics, trainLoop } from './train-loop.ts'

const batch: TokenBatch = { tokens: new Int32Array(2), targets: new Int32Array(2), rows: 1, sequence: 2 }
const recipe: Recipe = {
  ...defaultRecipe('small'),
  steps: 10,
  accumulation: 2,
  validateEvery: 100,
  checkpointEvery: 5,
  sampleEvery: 0,
}

/** An engine that answers when it is told to; the loop's order is what is tested, nothing is computed. */
function heldEngine() {
  const asked: { request: StepRequest; answer: (loss?: number) => void; cancel: () => void }[] = []
  let stepCount = 0
  const engine = {
    get stepCount() {
      return stepCount
    },
    step: (request: StepRequest) =>
      new Promise<StepResult>((resolve, reject) => {
        asked.push({
          request,
          answer(loss = 1) {
            stepCount += 1
            resolve({ step: stepCount, loss, crossEntropy: loss, sigreg: 0, gradientNorm: 1 })
          },
          cancel: () => reject(new StudioError('cancelled', 'Cancelled.')),
        })
      }),
  } as unknown as Engine
  return { engine, asked }
}

function start(change: Partial<Recipe> = {}, due: () => boolean = () => false) {
  const { engine, asked } = heldEngine()
  const control = createRunControl()
  const log: string[] = []
  let read = 0
  const steps: StepMetrics[] = []
  const ended = trainLoop({
    engine,
    recipe: { ...recipe, ...change },
    control,
    now: () => asked.length,
    async nextBatches(count) {
      const before = read
      read += count
      const rewind = () => {
        read = before
      }
      return { microBatches: Array.from({ length: count }, () => batch), rewind }
    },
    validationBatches: [],
    validationNoise: new Float32Array(),
    onStep: (metrics) => steps.push(metrics),
    onValidation: () => undefined,
    onPending: () => undefined,
    sample: async () => undefined,
    checkpoint: async (step, planned) => void log.push(`saved ${step}${planned ? '' : ', due'}`),
    isDue: due,
  })
  ended.catch(() => undefined)
  return { asked, control, log, steps, ended, read: () => read }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('asks for one step ahead of the losses, and none past a checkpoint', async () => {
  const { asked, log, steps } = start()
  await turn()
  expect(asked).toHaveLength(2)
  expect(asked[0]!.request.microBatches).toHaveLength(2)
  for (let answered = 1; answered <= 4; answered += 1) {
    asked[answered - 1]!.answer()
    await turn()
    // Step 5 ends with a checkpoint: step 6 is not asked for before it is saved.
    expect(asked).toHaveLength(Math.min(answered + 2, 5))
  }
  asked[4]!.answer()
  await turn()
  expect(log).toEqual(['saved 5'])
  expect(asked).toHaveLength(7)
  expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5])
})

test('a checkpoint that is due comes between two of the recipe’s', async () => {
  let due = false
  const { asked, log } = start({}, () => due)
  await turn()
  due = true
  asked[0]!.answer()
  await turn()
  due = false
  asked[1]!.answer()
  asked[2]!.answer()
  await turn()
  expect(log).toEqual(['saved 3, due'])
})

test('a stop cancels what has not changed the weights, gives its batches back and saves the rest', async () => {
  const { asked, control, log, ended, read } = start()
  await turn()
  asked[0]!.answer()
  await turn()
  control.stop()
  expect(asked[1]!.request.signal?.aborted).toBe(true)
  asked[1]!.cancel()
  asked[2]!.cancel()
  await ended
  expect(read()).toBe(2)
  expect(log).toEqual(['saved 1'])
})

test('a loss that is no number ends the run and names the checkpoint that is kept', async () => {
  const { asked, ended } = start({ checkpointEvery: 1 })
  await turn()
  asked[0]!.answer()
  await turn()
  asked[1]!.answer(Number.NaN)
  await expect(ended).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('at step 2. The checkpoint of step 1 is kept'),
  })
})
