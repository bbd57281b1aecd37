import * as tf from '@tensorflow/tfjs'

const LAST_POINT = 3
const POINTS = 17

/**
 * scale * SIGReg of x [n, dim], protocol 8.7: y = x . noise with columns of length 1; for t_j = 3 j / (points - 1)
 * the empirical characteristic function over the slices against that of N(0, 1), by the trapezoidal rule with
 * weight phi_j = exp(-t_j^2 / 2), times the number of slices; mean over the n positions. cos and sin of t_j y come
 * from those of t_1 y by rotation.
 */
export function plainSigreg(x: tf.Tensor2D, noise: tf.Tensor2D, scale: number, points = POINTS): tf.Scalar {
  const slices = noise.shape[1]
  const step = LAST_POINT / (points - 1)
  const y = tf.matMul(x, noise.div(noise.square().sum(0, true).sqrt()) as tf.Tensor2D)
  const sin1 = sine(y.mul(step))
  const cos1 = cosine(y.mul(step))
  let [sin, cos]: [tf.Tensor, tf.Tensor] = [tf.zerosLike(y), tf.onesLike(y)]
  let perPosition: tf.Tensor = tf.zeros([x.shape[0]])
  for (let j = 1; j < points; j += 1) {
    ;[sin, cos] = [sin.mul(cos1).add(cos.mul(sin1)), cos.mul(cos1).sub(sin.mul(sin1))]
    const phi = Math.exp(-((j * step) ** 2) / 2)
    const weight = (j === points - 1 ? step : 2 * step) * phi * slices
    const term = cos.mean(1).sub(phi).square().add(sin.mean(1).square())
    perPosition = perPosition.add(term.mul(weight))
  }
  return perPosition.mean().mul(scale) as tf.Scalar
}

function sine(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((x, save) => {
    const [sin, cos] = sinCos(x as tf.Tensor)
    ;(save as tf.GradSaveFunc)([cos])
    return { value: sin, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => dy.mul(saved[0]!) }
  })(x)
}

function cosine(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((x, save) => {
    const [sin, cos] = sinCos(x as tf.Tensor)
    ;(save as tf.GradSaveFunc)([sin])
    return { value: cos, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => dy.mul(saved[0]!).neg() }
  })(x)
}

/** pi / 2 in two parts; the first times a small integer is exact in f32. */
const HALF_PI_HIGH = 1.5703125
const HALF_PI_LOW = Math.PI / 2 - HALF_PI_HIGH

/**
 * [sin x, cos x] from a quarter-turn reduction and Taylor polynomials, good to f32 for |x| < 1000. A device's own
 * cosine may be off by 5e-4, so it is not used.
 */
function sinCos(x: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const turns = x.mul(2 / Math.PI).round()
  const r = x.sub(turns.mul(HALF_PI_HIGH)).sub(turns.mul(HALF_PI_LOW))
  const square = r.square()
  const sin = r.mul(taylor([1, -1 / 6, 1 / 120, -1 / 5040, 1 / 362880], square))
  const cos = taylor([1, -1 / 2, 1 / 24, -1 / 720, 1 / 40320, -1 / 3628800], square)
  const quarter = turns.sub(turns.div(4).floor().mul(4))
  const odd = quarter.equal(1).logicalOr(quarter.equal(3))
  const sinNegative = quarter.greater(1)
  const cosNegative = quarter.equal(1).logicalOr(quarter.equal(2))
  const signed = (value: tf.Tensor, negative: tf.Tensor) => tf.where(negative, value.neg(), value)
  return [signed(tf.where(odd, cos, sin), sinNegative), signed(tf.where(odd, sin, cos), cosNegative)]
}

/** Coefficients from the lowest power up, by Horner's rule. */
function taylor(coefficients: readonly number[], x: tf.Tensor): tf.Tensor {
  const [highest, ...rest] = [...coefficients].reverse()
  return rest.reduce((sum: tf.Tensor, coefficient) => sum.mul(x).add(coefficient), tf.fill(x.shape, highest!))
}
