import { describe, expect, it, vi } from 'vitest'
import { defineKernel } from './kernel.ts'
import { KernelRunner, uniformBytes } from './kernel-runner.ts'
import { openDevice } from './open-device.ts'
import { Schedule } from './schedule.ts'

const STORAGE = 0x80
const UNIFORM = 0x40 | 0x8

const bindings = { x: 'read f32', y: 'write f32' } as const
const twice = defineKernel({
  name: 'twice',
  source: 'fn run(thread: u32) { y[thread] = 2.0 * x[thread]; }',
  bindings,
  params: {},
})

const gpu = await openDevice().catch((error: unknown) => {
  if (typeof document !== 'undefined') throw error
  return undefined
})

describe.skipIf(!gpu)('in development an error names the kernel and its use', () => {
  it('where a binding is wrong, and the device stays sound', async () => {
    await expect(bind(twice, ['use'], { y: UNIFORM })).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('refused the kernel twice (use): '),
    })
    gpu!.assertHealthy()
  })

  it('where the code is wrong, in the words of the compiler', async () => {
    const broken = { ...twice, name: 'broken', source: 'fn run(thread: u32) { y[thread] = nothing; }' }
    await expect(bind(broken, ['use'])).rejects.toThrow(
      /refused the kernel broken: .*unresolved value 'nothing'/s,
    )
    gpu!.assertHealthy()
  })

  it('where one dispatch of a submit is refused', async () => {
    const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const runner = new KernelRunner(gpu!)
    const sound = await bind(twice, ['before', 'after'])
    const inPlace = await bind(twice, ['in place'], {}, true)
    await runner.run([{ program: sound }, { program: inPlace }, { program: sound }], undefined)
    await vi.waitFor(
      () => expect(gpu!.failure()?.message).toContain('refused the kernel twice (in place): '),
      { timeout: 20_000 },
    )
    expect(() => gpu!.assertHealthy()).toThrow('twice (in place)')
    silent.mockRestore()
  })
})

/** The kernel with buffers of these usages, once for each label; `shared` binds one buffer to both names. */
function bind(kernel: typeof twice, labels: string[], usage: { y?: number } = {}, shared = false) {
  const { device } = gpu!
  const schedule = new Schedule<undefined>()
  const x = schedule.kept('x', 256)
  const y = schedule.kept('y', 256)
  for (const label of labels) schedule.add(kernel, { slices: { x, y }, params: {}, threads: 64, label })
  const source = device.createBuffer({ size: 256, usage: STORAGE })
  const target = device.createBuffer({ size: 256, usage: usage.y ?? STORAGE })
  const uniforms = device.createBuffer({ size: uniformBytes(schedule as Schedule<never>), usage: UNIFORM })
  return new KernelRunner(gpu!).bind(
    schedule,
    (region) => (region === y.region && !shared ? target : source),
    uniforms,
  )
}
