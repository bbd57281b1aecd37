import { StudioError } from '../../lib/studio-error.ts'

/** Text of a number has at most some 25 characters. */
const MOST_BYTES = 2 ** 20

/**
 * An embedding from a JSON file: a list of `dim` numbers, or an object that has it under `embedding`, as reveal bundles do.
 * Values are rounded to f32. Throws 'bad-input' for anything else.
 */
export async function readEmbedding(file: Blob, dim: number): Promise<Float32Array> {
  const refuse = (what: string) =>
    new StudioError('bad-input', `This file is no embedding of this model: ${what}.`, {
      hint: `Nothing was made. It must hold ${dim} numbers as JSON.`,
    })
  if (file.size > MOST_BYTES) throw refuse('it is too large')
  let parsed: unknown
  try {
    parsed = JSON.parse(await file.text())
  } catch {
    throw refuse('it is not JSON')
  }
  const named =
    typeof parsed === 'object' && parsed !== null && 'embedding' in parsed ? parsed.embedding : parsed
  if (!Array.isArray(named)) throw refuse('there is no list of numbers in it')
  if (named.length !== dim) throw refuse(`it has ${named.length} numbers`)
  const values = Float32Array.from(named as number[])
  const isSound = named.every((value, index) => typeof value === 'number' && Number.isFinite(values[index]))
  if (!isSound) throw refuse('not all of them are finite numbers')
  return values
}
