import { type LookupAddress, lookup as resolveName } from 'node:dns'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { Refusal } from './refusal.ts'

export interface DownloadOptions {
  /** Whether a connection to this address is allowed. */
  readonly allows: (address: string) => boolean
  /** Sent on where it is given: `bytes=from-to`. */
  readonly range?: string
  /** Milliseconds without a byte until it is given up. */
  readonly idleMs: number
  readonly signal: AbortSignal
  /** Name resolution; the system's unless a test brings its own. */
  readonly resolve?: Resolve
}

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly string[]>

const MAX_REDIRECTS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/**
 * GET of a URL that somebody else wrote. Each hop, the first and every redirect, must be http or https, and its name
 * must resolve to allowed addresses only; the connection goes to the very address that was checked, so a name that
 * changes its mind in between leads nowhere else. Throws Refusal.
 */
export async function openDownload(url: string, options: DownloadOptions): Promise<IncomingMessage> {
  let current = url
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const response = await get(parse(current), options)
    const { statusCode = 0 } = response
    if (!REDIRECTS.has(statusCode)) return response
    response.destroy()
    const { location } = response.headers
    if (location === undefined || !URL.canParse(location, current)) {
      throw new Refusal(502, 'network', `${hostOf(current)} redirects to nowhere.`)
    }
    current = new URL(location, current).href
  }
  throw new Refusal(502, 'network', `${hostOf(url)} redirects more than ${MAX_REDIRECTS} times.`)
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new Refusal(403, 'refused', 'The address of the file is not an http or https URL.')
  }
  return url
}

async function get(url: URL, options: DownloadOptions): Promise<IncomingMessage> {
  const addresses = await checkedAddresses(url, options)
  // Node asks this for the addresses of the name; it gets the ones that were checked, and tries them in turn.
  const lookup: LookupFunction = (_name, { all }, callback) => {
    if (all) callback(null, addresses)
    else callback(null, addresses[0]!.address, addresses[0]!.family)
  }
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const request = send(url, {
      lookup,
      // A pooled connection may lead to an address that was checked for another request.
      agent: false,
      signal: options.signal,
      headers: {
        'user-agent': 'SOMA Studio',
        'accept-encoding': 'identity',
        ...(options.range === undefined ? {} : { range: options.range }),
      },
    })
    request.setTimeout(options.idleMs, () => request.destroy(new Error('nothing came for too long')))
    request.once('response', resolve)
    request.once('error', (error) => {
      reject(new Refusal(502, 'network', `${url.host} did not answer: ${error.message}.`))
    })
    request.end()
  })
}

async function checkedAddresses(
  url: URL,
  { allows, resolve = resolveAll }: DownloadOptions,
): Promise<LookupAddress[]> {
  // URL has brought every spelling of an IPv4 address to dotted decimals; IPv6 stands in brackets.
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(literal) === 0 ? await resolve(url.hostname) : [literal]
  if (addresses.length === 0) throw new Refusal(502, 'network', `The name ${url.hostname} has no address.`)
  if (addresses.every(allows)) return addresses.map((address) => ({ address, family: isIP(address) }))
  throw new Refusal(
    403,
    'refused',
    `${url.host} is not on the public internet, so the bridge does not go there.`,
    {
      hint: 'Only a configured localnet may host files on this machine.',
    },
  )
}

function resolveAll(hostname: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    resolveName(hostname, { all: true }, (error, found) => {
      if (error)
        reject(new Refusal(502, 'network', `The name ${hostname} cannot be resolved: ${error.code}.`))
      else resolve(found.map(({ address }) => address))
    })
  })
}

function hostOf(url: string): string {
  return new URL(url).host
}
