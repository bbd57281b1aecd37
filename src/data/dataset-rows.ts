import { throwIfAborted } from '../lib/abort.ts'
import { StudioError } from '../lib/studio-error.ts'

/**
 * Rows of a dataset from the hub's public HTTP interface, `GET /rows?dataset&config&split&offset&length`, which answers
 * pages of at most 100 rows to any page of the web: {features, rows: [{row_idx, row, truncated_cells}], num_rows_total,
 * partial}; errors are {error} with a status and X-Error-Code. Source: the hub's documentation of its dataset viewer.
 */
export interface RowsQuery {
  /** Address of the interface. */
  readonly base: string
  /** `owner/name`. */
  readonly dataset: string
  readonly config: string
  readonly split: string
  /** First row. */
  readonly offset: number
  readonly count: number
  /** Columns whose texts, in this order, make one document. */
  readonly columns: readonly string[]
  /** Sent as a bearer token; for datasets whose terms an account has to accept. */
  readonly token?: string
}

export interface DatasetDocument {
  /** Number of the row in the split. */
  readonly row: number
  readonly text: string
}

export interface DatasetSample {
  readonly documents: readonly DatasetDocument[]
  /** Rows of the split as far as the hub knows. */
  readonly total: number
  /** Rows whose text the hub has cut short; they are left out. */
  readonly truncated: number
  /** Rows without any text in these columns. */
  readonly empty: number
}

export interface RowsOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
  readonly fetch?: typeof fetch
}

/** Rows that one request may ask for. */
const PAGE = 100

/**
 * Documents of `count` rows from `offset` on, fewer where the split ends. 'network' where the hub cannot be reached from
 * a page or has not prepared the rows, 'refused' where it wants a token or another one, 'not-found', 'corrupt'.
 */
export async function fetchRows(query: RowsQuery, options: RowsOptions = {}): Promise<DatasetSample> {
  const { offset, count, columns } = query
  const documents: DatasetDocument[] = []
  let [total, truncated, empty] = [Number.POSITIVE_INFINITY, 0, 0]
  for (let at = offset; at < Math.min(offset + count, total); at += PAGE) {
    throwIfAborted(options.signal)
    const page = await fetchPage(query, at, Math.min(PAGE, offset + count - at), options)
    total = page.total
    for (const { row_idx: row, row: cells, truncated_cells: cut } of page.rows) {
      const texts = columns
        .map((column) => cells[column])
        .filter((cell) => typeof cell === 'string' && cell !== '')
      if (columns.some((column) => cut.includes(column))) truncated += 1
      else if (texts.length === 0) empty += 1
      else documents.push({ row, text: texts.join('\n\n') })
    }
    options.onProgress?.(Math.min(at + PAGE - offset, count), count)
    if (page.rows.length === 0) break
  }
  return { documents, total: Number.isFinite(total) ? total : 0, truncated, empty }
}

interface Page {
  readonly rows: readonly {
    readonly row_idx: number
    readonly row: Readonly<Record<string, unknown>>
    readonly truncated_cells: readonly string[]
  }[]
  readonly total: number
}

async function fetchPage(
  { base, dataset, config, split, token }: RowsQuery,
  offset: number,
  length: number,
  { signal, fetch: ask = (...args) => fetch(...args) }: RowsOptions,
): Promise<Page> {
  const url = new URL('rows', base.endsWith('/') ? base : `${base}/`)
  const values = { dataset, config, split, offset: `${offset}`, length: `${length}` }
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value)
  let response: Response
  try {
    response = await ask(url, {
      ...(signal ? { signal } : {}),
      ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}),
    })
  } catch (cause) {
    if (StudioError.from(cause).code === 'cancelled') throw StudioError.from(cause)
    throw new StudioError('network', `${url.origin} could not be reached from this page.`, {
      hint: 'Check the connection, or follow the steps on the card to download the data and drop it here.',
      retryable: true,
      cause,
    })
  }
  const body: unknown = await response.json().catch(() => null)
  if (!response.ok) throw refusal(dataset, response, body, token !== undefined)
  const page = pageOf(body)
  if (page) return page
  throw new StudioError('corrupt', `${url.origin} answered with something that is not rows.`, {
    hint: 'Follow the steps on the card to download the data and drop it here.',
  })
}

function pageOf(body: unknown): Page | null {
  const { rows, num_rows_total: total } = (body ?? {}) as { rows?: unknown; num_rows_total?: unknown }
  if (!Array.isArray(rows)) return null
  const isRow = (value: unknown) => {
    const { row_idx: index, row } = (value ?? {}) as { row_idx?: unknown; row?: unknown }
    return typeof index === 'number' && typeof row === 'object' && row !== null
  }
  if (!rows.every(isRow)) return null
  return {
    rows: (rows as Page['rows']).map((one) => ({ ...one, truncated_cells: one.truncated_cells ?? [] })),
    total: typeof total === 'number' ? total : Number.POSITIVE_INFINITY,
  }
}

function refusal(dataset: string, { status }: Response, body: unknown, hadToken: boolean): StudioError {
  const { error } = (body ?? {}) as { error?: unknown }
  const said = typeof error === 'string' ? ` The hub says: ${error.slice(0, 300)}` : ''
  if (status === 401 || status === 403 || (status === 404 && hadToken)) {
    return new StudioError('refused', `${dataset} was refused.${said}`, {
      hint: hadToken
        ? 'Accept its terms with the account of this token, and give the token the right to read gated datasets.'
        : 'Accept its terms on the hub with an account, make an access token there and paste it here.',
    })
  }
  if (status === 404) {
    return new StudioError('not-found', `${dataset} is not there under this name, subset and split.${said}`, {
      hint: 'It may have moved: follow the steps on the card.',
    })
  }
  const busy = status === 429
  return new StudioError(
    'network',
    busy ? 'The hub wants fewer requests for now.' : `The hub cannot show rows of ${dataset} now.${said}`,
    { hint: 'Try again in some minutes, or follow the steps on the card.', retryable: true },
  )
}
