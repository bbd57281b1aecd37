import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mayBridge, serve } from './serve.ts'

let server: Server
let base: string
const folder = mkdtempSync(join(tmpdir(), 'studio-serve-'))

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'))
  mkdirSync(join(folder, 'worlds'))
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>studio</title>')
  writeFileSync(join(folder, 'assets', 'main-abc123.js'), 'export {}')
  writeFileSync(join(folder, 'assets', 'reader.worker-abc123.js'), 'export {}')
  writeFileSync(join(folder, 'worlds', 'blob'), 'bytes')
  server = await serve({ folder, port: 0, host: '127.0.0.1', connectHosts: ['http://10.0.0.5:9000'] })
  const address = server.address()
  base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})

test('the page carries policy and isolation, and is revalidated', async () => {
  const { headers } = await fetch(`${base}/`)
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';")
  expect(policy).toContain("worker-src 'self'")
  expect(policy).toContain(
    "connect-src 'self' https: http://localhost:* http://127.0.0.1:* http://10.0.0.5:9000;",
  )
  expect(headers.get('document-isolation-policy')).toBe('isolate-and-credentialless')
  expect(headers.get('content-type')).toContain('text/html')
  expect(headers.get('cache-control')).toBe('no-cache')
})

test('scripts have their type, the same headers, and never change under their name', async () => {
  const { headers } = await fetch(`${base}/assets/main-abc123.js`)
  expect(headers.get('content-type')).toContain('text/javascript')
  expect(headers.get('cache-control')).toContain('immutable')
  expect(headers.get('document-isolation-policy')).toBe('isolate-and-credentialless')
})

test('policies hold for what is revalidated, and workers are, since theirs may change', async () => {
  const etag = (await fetch(`${base}/`)).headers.get('etag') ?? ''
  const again = await fetch(`${base}/`, { headers: { 'if-none-match': etag } })
  expect(again.status).toBe(304)
  expect(again.headers.get('content-security-policy')).toContain('http://10.0.0.5:9000')
  const worker = await fetch(`${base}/assets/reader.worker-abc123.js`)
  expect(worker.headers.get('cache-control')).toBe('no-cache')
  const missing = await fetch(`${base}/assets/gone-abc123.js`)
  expect([missing.status, missing.headers.get('cache-control')]).toEqual([404, 'no-store'])
})

test('what is not there is 404 and nothing outside the folder is served', async () => {
  expect((await fetch(`${base}/nothing.js`)).status).toBe(404)
  expect((await fetch(`${base}/..%2f..%2fetc%2fpasswd`)).status).toBe(404)
  expect((await fetch(`${base}/`, { method: 'POST' })).status).toBe(405)
})

test('a taken port is an error of its own', async () => {
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  await expect(serve({ folder, port, host: '127.0.0.1', connectHosts: [] })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
})

test('the bridge is there on this machine, and only there', async () => {
  const asked = await fetch(`${base}/bridge`, { headers: { 'sec-fetch-site': 'same-origin' } })
  expect(asked.status).toBe(200)
  expect((await asked.json()).hosts).toContain('http://10.0.0.5:9000')
  expect((await fetch(`${base}/bridge`)).status).toBe(403)
  expect((await fetch(`${base}/bridgehead`)).status).toBe(404)
  expect(['127.0.0.1', '::1', 'localhost'].every(mayBridge)).toBe(true)
  expect(['0.0.0.0', '::', '192.168.0.7', 'studio.lan'].some(mayBridge)).toBe(false)

  const open = await serve({ folder, port: 0, host: '0.0.0.0', connectHosts: [] })
  const address = open.address()
  const port = typeof address === 'object' ? address?.port : 0
  const other = await fetch(`http://127.0.0.1:${port}/bridge`, {
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  expect(other.status).toBe(404)
  open.closeAllConnections()
  open.close()
})
