import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchRows, type RowsQuery } from './dataset-rows.ts'

// A stand-in on this machine that answers in the documented shape; the hub itself is never asked.

const asked: { offset: number; length: number; authorization: string | undefined }[] = []
const TOTAL = 230
const server = createServer((request, response) => {
  const url = new URL(request.url ?? '', 'http://stand-in')
  const [offset, length] = ['offset', 'length'].map((name) => Number(url.searchParams.get(name)))
  const { authorization } = request.headers
  asked.push({ offset: offset!, length: length!, authorization })
  const reply = (status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  const dataset = url.searchParams.get('dataset')
  if (url.pathname !== '/rows') return reply(404, { error: 'Not Found' })
  if (dataset === 'odd/answer') return reply(200, { hello: 1 })
  if (dataset === 'busy/now') return reply(500, { error: 'The server is busier than usual.' })
  if (dataset === 'gated/code' && authorization !== 'Bearer secret') {
    return reply(401, { error: 'The dataset does not exist, or is not accessible without authentication.' })
  }
  reply(200, {
    features: [{ feature_idx: 0, name: 'text', type: { dtype: 'string', _type: 'Value' } }],
    rows: Array.from({ length: Math.max(0, Math.min(length!, TOTAL - offset!)) }, (_, i) => ({
      row_idx: offset! + i,
      row: { text: offset! + i === 3 ? '' : `Row ${offset! + i}`, title: 'T', size: 7 },
      truncated_cells: offset! + i === 5 ? ['text'] : [],
    })),
    num_rows_total: TOTAL,
    num_rows_per_page: 100,
    partial: false,
  })
})
let base = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

const query = (change: Partial<RowsQuery> = {}): RowsQuery => ({
  base,
  dataset: 'open/text',
  config: 'default',
  split: 'train',
  offset: 0,
  count: 150,
  columns: ['text'],
  ...change,
})

test('reads pages of at most 100 rows, leaving out what is cut or empty, to the end of the split', async () => {
  const sample = await fetchRows(query())
  expect(asked.map(({ offset, length }) => [offset, length])).toEqual([
    [0, 100],
    [100, 50],
  ])
  expect(sample).toMatchObject({ total: TOTAL, truncated: 1, empty: 1 })
  expect(sample.documents).toHaveLength(148)
  expect(sample.documents[0]).toEqual({ row: 0, text: 'Row 0' })
  const last = await fetchRows(query({ offset: 200, count: 500, columns: ['title', 'text'] }))
  expect(last.documents).toHaveLength(30)
  expect(last.documents.at(-1)).toEqual({ row: 229, text: 'T\n\nRow 229' })
})

test('says what the hub wants: a token, another name, time', async () => {
  await expect(fetchRows(query({ dataset: 'gated/code' }))).rejects.toMatchObject({
    code: 'refused',
    hint: expect.stringContaining('access token') as string,
  })
  const allowed = await fetchRows(query({ dataset: 'gated/code', token: 'secret', count: 2 }))
  expect(allowed.documents).toHaveLength(2)
  await expect(fetchRows(query({ dataset: 'busy/now' }))).rejects.toMatchObject({
    code: 'network',
    retryable: true,
    message: expect.stringContaining('busier') as string,
  })
  await expect(fetchRows(query({ dataset: 'odd/answer' }))).rejects.toMatchObject({ code: 'corrupt' })
  await expect(fetchRows(query({ base: `${base}/elsewhere` }))).rejects.toMatchObject({ code: 'not-found' })
  const unreachable = () => Promise.reject(new TypeError('Failed to fetch'))
  await expect(fetchRows(query(), { fetch: unreachable })).rejects.toMatchObject({ code: 'network' })
})
