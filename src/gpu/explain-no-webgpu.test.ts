import { expect, test } from 'vitest'
import { explainNoWebGpu } from './explain-no-webgpu.ts'

const linuxChrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36'

test('an insecure page is named before the browser is blamed', () => {
  const error = explainNoWebGpu({ secureContext: false, hasApi: false, userAgent: linuxChrome })
  expect(error.code).toBe('no-webgpu')
  expect(error.message).toContain('insecure')
  expect(error.hint).toContain('localhost')
})

test('a missing adapter points to the driver and to the software adapter', () => {
  const error = explainNoWebGpu({ secureContext: true, hasApi: true, userAgent: linuxChrome })
  expect(error.hint).toContain('swiftshader')
  expect(error.hint).toContain('Vulkan')
})

test('an old browser is told which version has it', () => {
  const safari = 'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/17.0 Safari/605.1.15'
  expect(explainNoWebGpu({ secureContext: true, hasApi: false, userAgent: safari }).hint).toContain(
    'Safari 26',
  )
  const old = 'Mozilla/5.0 (Windows NT 10.0) Chrome/99.0.0.0 Safari/537.36'
  expect(explainNoWebGpu({ secureContext: true, hasApi: false, userAgent: old }).hint).toContain('113')
})
