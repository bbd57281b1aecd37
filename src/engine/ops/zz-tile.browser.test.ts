import * as tf from '@tensorflow/tfjs'
import { test } from 'vitest'
import { linearDxKernel, linearKernel } from './linear/linear.ts'
import { openTestDevice, testValues } from './test-device.ts'

test('tiles', async () => {
  const device = await openTestDevice()
  const out: string[] = []
  for (const [m, k, n] of [
    [2048, 64, 256],
    [2048, 256, 64],
    [2048, 64, 64],
    [2048, 16, 16],
    [2048, 16, 256],
    [2048, 64, 264],
  ] as const) {
    const [x, w, y] = [
      tf.tensor2d(testValues(m * k, 1), [m, k]),
      tf.tensor2d(testValues(k * n, 2), [k, n]),
      device.empty([m, n]),
    ]
    const results: [string, number][] = []
    const variants: [string, () => void][] = []
    for (const workgroup of [32, 64, 128, 256])
      for (const ROWS of [2, 4, 8])
        for (const COLS of [1, 2, 4]) {
          if (ROWS * COLS > 16 || ROWS * COLS < 4) continue
          if (workgroup !== 64 && !(ROWS === 4 && COLS === 2)) continue
          for (const kernel of [linearKernel, linearDxKernel]) {
            const named = { ...kernel, name: `${kernel.name}-${workgroup}`, workgroup }
            if (kernel === linearKernel)
              variants.push([
                `nn wg${workgroup} ${ROWS}x${COLS}`,
                () =>
                  device.dispatch(named as typeof linearKernel, {
                    tensors: { x, w, y },
                    params: { m, k, n },
                    threads: Math.ceil(m / ROWS) * Math.ceil(n / 4 / COLS),
                    constants: { ROWS, COLS },
                  }),
              ])
            else
              variants.push([
                `nt wg${workgroup} ${ROWS}x${COLS}`,
                () =>
                  device.dispatch(named as typeof linearDxKernel, {
                    tensors: { dy: y, w, dx: x },
                    params: { m, k, n },
                    threads: Math.ceil(m / ROWS) * Math.ceil(k / 4 / COLS),
                    constants: { ROWS, COLS },
                  }),
              ])
          }
        }
    variants.push(['tfjs nn', () => tf.dispose(tf.matMul(x, w))])
    variants.push(['tfjs nt', () => tf.dispose(tf.matMul(y as tf.Tensor2D, w, false, true))])
    variants.push(['tfjs tn', () => tf.dispose(tf.matMul(x, y as tf.Tensor2D, true, false))])
    for (const [name, run] of variants) {
      run()
      device.flush()
      await device.gpu.device.queue.onSubmittedWorkDone()
      let best = Infinity
      for (let r = 0; r < 3; r++) {
        const t = performance.now()
        for (let i = 0; i < 3; i++) run()
        device.flush()
        await device.gpu.device.queue.onSubmittedWorkDone()
        best = Math.min(best, (performance.now() - t) / 3)
      }
      results.push([name, (2 * m * k * n) / best / 1e6])
    }
    out.push(`${m} ${k} ${n}: ` + results.map(([a, b]) => `${a} ${b.toFixed(2)}`).join(' | '))
  }
  device.gpu.assertHealthy()
  console.log(out.join('\n'))
}, 300000)
