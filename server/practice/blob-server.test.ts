import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveBlobs } from './blob-server.ts'
import { type ListeningServer, listen } from './listen.ts'
import { sendHttp1 } from './test-wire.ts'

const outside = mkdtempSync(join(tmpdir(), 'studio-blobs-'))
const folder = join(outside, 'blobs')
let server: ListeningServer
let base: string

beforeAll(async () => {
  writeFileSync(join(outside, 'secret'), 'secret')
  server = await serveBlobs(folder, 0, '127.0.0.1')
  base = `http://127.0.0.1:${server.port}`
})

afterAll(async () => {
  await server.close()
  rmSync(outside, { recursive: true })
})

const put = (path: string, body: string, headers = {}) => fetch(base + path, { method: 'PUT', body, headers })

test('what was put is got, whole and in ranges, by any page', async () => {
  expect((await put('/models/3/model.enc', 'weights')).status).toBe(201)
  const whole = await fetch(`${base}/models/3/model.enc`)
  expect(await whole.text()).toBe('weights')
  expect(whole.headers.get('access-control-allow-origin')).toBe('*')
  const part = await fetch(`${base}/models/3/model.enc`, { headers: { range: 'bytes=2-4' } })
  expect(part.status).toBe(206)
  expect(part.headers.get('content-range')).toBe('bytes 2-4/7')
  expect(await part.text()).toBe('igh')
  expect((await fetch(`${base}/models/3/model.enc`, { headers: { range: 'bytes=9-' } })).status).toBe(416)
  const head = await fetch(`${base}/models/3/model.enc`, { method: 'HEAD' })
  expect(head.headers.get('content-length')).toBe('7')
  expect((await put('/models/3/model.enc', 'other')).status).toBe(201)
  expect(await (await fetch(`${base}/models/3/model.enc`)).text()).toBe('other')
})

test('nothing outside the folder is read or written', async () => {
  for (const path of ['/../secret', '/..%2fsecret', '/%2e%2e/secret', '//etc/hostname']) {
    expect((await sendHttp1(server.port, 'GET', path, {})).status).toBe(404)
  }
  for (const path of ['/../x', '/a/../../x', '/..%2fx', '/.hidden', '/a%20b', '/', '/dir/']) {
    const { status } = await sendHttp1(server.port, 'PUT', path, {}, Buffer.from('x'))
    // A URL without its dots is a name inside the folder.
    expect([201, 400]).toContain(status)
  }
  expect(readdirSync(outside).sort()).toEqual(['blobs', 'secret'])
})

test('only pages of this machine write', async () => {
  const origin = (value: string) => put('/page', 'x', { origin: value })
  expect((await origin('http://127.0.0.1:4173')).status).toBe(201)
  expect((await origin('http://localhost:5173')).status).toBe(201)
  expect((await origin('https://evil.example')).status).toBe(403)
  expect((await origin('null')).status).toBe(403)
  const preflight = await fetch(`${base}/page`, { method: 'OPTIONS' })
  expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT')
})

test('other methods and missing files are refused', async () => {
  expect((await fetch(`${base}/nothing`)).status).toBe(404)
  expect((await fetch(`${base}/page`, { method: 'DELETE' })).status).toBe(405)
})

test('an upload that breaks off leaves nothing', async () => {
  const { connect } = await import('node:net')
  const socket = connect(server.port, '127.0.0.1')
  socket.write('PUT /half HTTP/1.1\r\nhost: here\r\ncontent-length: 100\r\n\r\nhalf')
  await expect.poll(() => readdirSync(folder).filter((name) => name.startsWith('.'))).toHaveLength(1)
  socket.destroy()
  await expect.poll(() => readdirSync(folder).filter((name) => /^\.|half/.test(name))).toEqual([])
})

test('a taken port is a sentence', async () => {
  const again = serveBlobs(folder, server.port, '127.0.0.1')
  await expect(again).rejects.toThrow(`Port ${server.port} is in use`)
  const { createServer } = await import('node:net')
  const nowhere = listen(createServer(), 0, '198.51.100.1', () => undefined)
  await expect(nowhere).rejects.toThrow('This machine has no address 198.51.100.1')
})
