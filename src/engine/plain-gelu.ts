import * as tf from '@tensorflow/tfjs'
import { cdfCentre, cdfTail, cdfTailStep, DENSITY_AT_ZERO } from './normal-cdf.ts'

/** Exact GELU of x [n, width], x * cdf(x), with the derivative cdf(x) + x * density(x). */
export function plainGelu(x: tf.Tensor2D): tf.Tensor2D {
  const gelu = tf.customGrad((input, save) => {
    const x = input as tf.Tensor
    ;(save as tf.GradSaveFunc)([x])
    return {
      value: x.mul(cdf(x)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [x] = saved as [tf.Tensor]
        const density = x.square().mul(-0.5).exp().mul(DENSITY_AT_ZERO)
        return dy.mul(cdf(x).add(x.mul(density)))
      },
    }
  })
  return gelu(x) as tf.Tensor2D
}

function cdf(x: tf.Tensor): tf.Tensor {
  const square = x.square()
  const centre = x.mul(polynomial(cdfCentre, square)).add(0.5)
  const magnitude = x.abs()
  const step = tf.scalar(1).div(magnitude.mul(cdfTailStep).add(1))
  const upper = square.mul(-0.5).exp().mul(polynomial(cdfTail, step))
  const outer = tf.where(x.less(0), upper, tf.scalar(1).sub(upper))
  return tf.where(magnitude.lessEqual(1), centre, outer)
}

/** Coefficients from the lowest power up, by Horner's rule. */
function polynomial(coefficients: readonly number[], x: tf.Tensor): tf.Tensor {
  const [highest, ...rest] = [...coefficients].reverse()
  return rest.reduce((sum: tf.Tensor, coefficient) => sum.mul(x).add(coefficient), tf.fill(x.shape, highest!))
}
