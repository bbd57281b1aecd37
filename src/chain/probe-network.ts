import { StudioError } from '../lib/studio-error.ts'
import type { BridgeClient } from './bridge-client.ts'
import type { ChainClient, ServiceInfo } from './chain-client.ts'
import { modelActionRefusal } from './check-model-action.ts'
import type { Network } from './networks.ts'
import { isMixedContent } from './page-reach.ts'
import { isUnreadable } from './rpc-error.ts'
import type { SystemStateView } from './system-state-view.ts'

export type ProbeName =
  | 'reachable'
  | 'cors'
  | 'reasons'
  | 'chain'
  | 'protocol'
  | 'registry'
  | 'faucet'
  | 'scoring'
  | 'admin'

/** One line of the checklist. */
export interface ProbeItem {
  readonly name: ProbeName
  readonly label: string
  /** Null: could not be found out because of a "no" above it. */
  readonly ok: boolean | null
  /** What was found, or the reason of a "no". */
  readonly detail: string
}

export interface NetworkProbe {
  readonly items: readonly ProbeItem[]
  readonly info: ServiceInfo | null
  /** Why models cannot be created, committed or revealed; null where they can. */
  readonly modelActionsBlocked: string | null
}

export interface ProbeTools {
  readonly client: ChainClient
  readonly bridge: BridgeClient
  /** Address of this page. */
  readonly page: string
  readonly fetch: typeof fetch
  readonly signal?: AbortSignal
}

const labels: Readonly<Record<ProbeName, string>> = {
  reachable: 'Reachable',
  cors: 'Open to this page (CORS)',
  reasons: 'Says why it refuses',
  chain: 'Chain',
  protocol: 'Protocol version',
  registry: 'Model registry',
  faucet: 'Faucet',
  scoring: 'Scoring',
  admin: 'Ending an epoch',
}

const item = (name: ProbeName, ok: boolean | null, detail: string): ProbeItem => ({
  name,
  label: labels[name],
  ok,
  detail,
})
const unknown = (name: ProbeName) => item(name, null, 'Unknown until it answers.')

/** Finds out what a network can do for this page. Never rejects but with 'cancelled'; each "no" has its reason. */
export async function probeNetwork(network: Network, tools: ProbeTools): Promise<NetworkProbe> {
  if (network.kind === 'practice') return probePractice(tools)
  const [node, services] = await Promise.all([probeNode(network, tools), probeServices(network, tools)])
  return { ...node, items: [...node.items, ...services] }
}

async function probePractice({ client, signal }: ProbeTools): Promise<NetworkProbe> {
  let found: readonly [ServiceInfo, SystemStateView]
  try {
    found = await Promise.all([
      client.serviceInfo(signal),
      client.systemState(signal === undefined ? {} : { signal }),
    ])
  } catch (error) {
    const { message } = rethrowCancelled(error)
    return {
      info: null,
      modelActionsBlocked: message,
      items: [
        item('reachable', false, message),
        ...(['chain', 'protocol', 'registry'] as const).map(unknown),
      ],
    }
  }
  const [info, state] = found
  const blocked = modelActionRefusal(state)?.message ?? null
  const own = 'It runs in this page.'
  return {
    info,
    modelActionsBlocked: blocked,
    items: [
      item('reachable', true, own),
      item('chain', true, info.chainId),
      ...modelItems(state, blocked),
      item('faucet', true, own),
      item('scoring', true, own),
      item('admin', true, own),
    ],
  }
}

async function probeNode(network: Network, tools: ProbeTools): Promise<NetworkProbe> {
  const { client, signal } = tools
  const { rpc } = network.urls
  const failed = (reachable: ProbeItem, cors: ProbeItem): NetworkProbe => ({
    info: null,
    modelActionsBlocked: reachable.ok ? cors.detail : reachable.detail,
    items: [reachable, cors, unknown('reasons'), unknown('chain'), unknown('protocol'), unknown('registry')],
  })
  if (rpc === undefined) {
    return failed(
      item('reachable', false, 'No address of a full node is given. Edit the addresses.'),
      unknown('cors'),
    )
  }
  if (isMixedContent(tools.page, rpc)) {
    const why = 'This page came over https, and browsers forbid it to call http on another computer.'
    return failed(
      item('reachable', false, `${why} Use an https address, or open the studio with npm start.`),
      unknown('cors'),
    )
  }
  let info: ServiceInfo
  try {
    info = await client.serviceInfo(signal)
  } catch (error) {
    const { code, message } = rethrowCancelled(error)
    if (code !== 'network' && !isUnreadable(error)) {
      return failed(
        item('reachable', false, `Something answers, but not as a full node: ${message}`),
        unknown('cors'),
      )
    }
    return (await answersAtAll(rpc, tools))
      ? failed(
          item('reachable', true, rpc),
          item('cors', false, 'It answers, but does not allow pages of another origin to read the answer.'),
        )
      : failed(
          item(
            'reachable',
            false,
            `Nothing answers at ${rpc}. Is the node running, and is the address allowed?`,
          ),
          unknown('cors'),
        )
  }
  const found = [item('reachable', true, rpc), item('cors', true, 'Replies can be read.')]
  const reasons = await readsReasons(tools)
  try {
    const state = await client.systemState(signal === undefined ? {} : { signal })
    const blocked = modelActionRefusal(state)?.message ?? null
    return {
      info,
      modelActionsBlocked: blocked,
      items: [...found, reasons, chainItem(info), ...modelItems(state, blocked)],
    }
  } catch (error) {
    const { message } = rethrowCancelled(error)
    return {
      info,
      modelActionsBlocked: message,
      items: [...found, reasons, chainItem(info), item('protocol', false, message), unknown('registry')],
    }
  }
}

function chainItem({ chain, chainId, server }: ServiceInfo): ProbeItem {
  return item(
    'chain',
    chainId !== '',
    [chain, chainId, server].filter(Boolean).join(', ') || 'The node names none.',
  )
}

function modelItems(state: SystemStateView, blocked: string | null): ProbeItem[] {
  const { protocolVersion, hasModelRegistry } = state
  const isKnown = protocolVersion <= 5n
  return [
    item(
      'protocol',
      isKnown,
      isKnown
        ? `${protocolVersion}`
        : `${protocolVersion}: from 6 on there are no models. Model actions are off.`,
    ),
    hasModelRegistry
      ? item('registry', blocked === null, blocked ?? 'There is one.')
      : item('registry', false, 'It has none. Model actions are off.'),
  ]
}

/** A node of another origin hides its error headers: every refusal looks alike. */
async function readsReasons({ client, signal }: ProbeTools): Promise<ProbeItem> {
  try {
    await client.object('0x0', signal)
  } catch (error) {
    rethrowCancelled(error)
    if (isUnreadable(error)) {
      return item(
        'reasons',
        false,
        'Its error headers are hidden from pages of another origin. Transactions are simulated first, which tells most reasons.',
      )
    }
  }
  return item('reasons', true, 'Error messages can be read.')
}

/** Whether there is anything at an address; the answer itself stays hidden. */
async function answersAtAll(rpc: string, { fetch, signal }: ProbeTools): Promise<boolean> {
  try {
    await fetch(rpc, { mode: 'no-cors', ...(signal === undefined ? {} : { signal }) })
    return true
  } catch {
    return false
  }
}

async function probeServices({ urls }: Network, { bridge, signal }: ProbeTools): Promise<ProbeItem[]> {
  const hosts = await bridge.hosts(signal)
  return Promise.all(
    (['faucet', 'scoring', 'admin'] as const).map(async (name) => {
      const url = urls[name]
      if (url === undefined) return item(name, false, 'No address is given.')
      if (hosts === null)
        return item(
          name,
          false,
          'No page reaches it, and the server of this page has no bridge: use npm start.',
        )
      const { origin } = new URL(url)
      if (!hosts.includes(origin))
        return item(name, false, `The bridge may not reach it: start the studio with --connect ${origin}.`)
      return contact(name, url, bridge, signal)
    }),
  )
}

/** How far the answer of a service reaches, where it was not simply called. */
const contactWords = {
  faucet: ' Its method that pays is there; it was not called, since that pays.',
  scoring: '',
  admin: ' Its method that ends an epoch is there; it was not called, since that ends one.',
} as const

/** Asks a service for an answer, through the bridge and without an effect. */
async function contact(
  name: 'faucet' | 'scoring' | 'admin',
  url: string,
  bridge: BridgeClient,
  signal?: AbortSignal,
): Promise<ProbeItem> {
  try {
    const asked = name === 'scoring' ? bridge.isScoring(url, signal) : bridge.isThere(url, name, signal)
    return (await asked)
      ? item(name, true, `Answers through the bridge at ${url}.${contactWords[name]}`)
      : item(name, false, 'It says that it is not ready.')
  } catch (error) {
    const { message, hint } = rethrowCancelled(error)
    return item(name, false, [message, hint].filter(Boolean).join(' '))
  }
}

function rethrowCancelled(error: unknown): StudioError {
  const known = StudioError.from(error)
  if (known.code === 'cancelled') throw known
  return known
}
