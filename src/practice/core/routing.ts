import type { SomaId } from '../../chain/ids.ts'

/** An active model as routing sees it. */
export interface RoutedModel {
  readonly id: SomaId
  readonly embedding: Float32Array
  /** Balance of its staking pool, shannons. */
  readonly stake: bigint
}

const f = Math.fround
const NORM_FLOOR = f(1e-8)
const POWER_FLOOR = f(1e-10)

/** Share of each stake's square root, f64 rounded to f32. Protocol 8.1. */
export function votingPower(stakes: readonly bigint[]): Float32Array {
  const roots = stakes.map((stake) => Math.sqrt(Number(stake)))
  const total = roots.reduce((sum, root) => sum + root, 0)
  return Float32Array.from(roots, (root) => (total === 0 ? 1 / stakes.length : root / total))
}

/** Prepares a registry for many targets: norms and voting powers are computed once. */
export function createRouter(
  models: readonly RoutedModel[],
): (target: Float32Array, count: number) => SomaId[] {
  const powers = votingPower(models.map((model) => model.stake))
  const norms = models.map((model) => norm(model.embedding))
  return (target, count) => {
    const targetNorm = norm(target)
    const scores = models.map((model, index) => {
      const cosine = f(dot(target, model.embedding) / f(targetNorm * norms[index]!))
      return f(f(1 - cosine) / f(powers[index]! + POWER_FLOOR))
    })
    // Array.prototype.sort is stable: equal scores keep the registry's order.
    return scores
      .map((score, index) => ({ score, index }))
      .sort((a, b) => a.score - b.score)
      .slice(0, count)
      .map(({ index }) => models[index]!.id)
  }
}

function norm(x: Float32Array): number {
  return Math.max(f(Math.sqrt(dot(x, x))), NORM_FLOOR)
}

/** Sum of products in f32 with eight running sums, the order in which the node's array library adds. */
function dot(x: Float32Array, y: Float32Array): number {
  const sums = new Float32Array(8)
  const whole = x.length - (x.length % 8)
  for (let i = 0; i < whole; i += 1) sums[i % 8] = sums[i % 8]! + f(x[i]! * y[i]!)
  let total = f(0 + f(sums[0]! + sums[4]!))
  for (let lane = 1; lane < 4; lane += 1) total = f(total + f(sums[lane]! + sums[lane + 4]!))
  for (let i = whole; i < x.length; i += 1) total = f(total + f(x[i]! * y[i]!))
  return total
}
