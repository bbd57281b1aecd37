/** Entry of the practice network's worker: one world at a time, kept in the vault after each change. */
import { StudioError } from '../lib/studio-error.ts'
import { blobUrl } from '../practice/blob-store.ts'
import type { Scorer } from '../practice/core/score-submission.ts'
import { EpochClock } from '../practice/epoch-clock.ts'
import type { PlayReport } from '../practice/players/play-epoch.ts'
import { PracticeHost } from '../practice/practice-host.ts'
import { parseWorld } from '../practice/world.ts'
import { openVault } from '../weights/opfs-vault.ts'
import { oneAtATime } from './practice/one-at-a-time.ts'
import { callStream, callUnary } from './practice/serve-rpc.ts'
import { openWorldKeeper, type WorldKeeper, type WorldSettings } from './practice/world-keeper.ts'
import { servePracticeFiles } from './practice-files.ts'
import type {
  ClockState,
  OpenedWorld,
  PlayedEpoch,
  PracticeCall,
  PracticeEvent,
  PracticeReplies,
  WorldName,
} from './practice-protocol.ts'
import { serveCalls } from './serve-calls.ts'
import { vaultBlobStore } from './vault-blob-store.ts'

interface OpenWorld {
  readonly name: WorldName
  readonly host: PracticeHost
  readonly keeper: WorldKeeper
  readonly clock: EpochClock
  players: boolean
  /** The accounts' turn of the current epoch; one turn after the other. */
  playing: Promise<void>
}

const vault = openVault('practice')
// A browser without storage is told to whoever calls, not to the console.
vault.catch(() => undefined)
let current: OpenWorld | undefined
const streams = new Map<number, AbortController>()
const scorers = new Map<WorldName, Promise<Scorer>>()

/** The engine is loaded when the first submission is scored; a failure is tried again the next time. */
function scorerOf(name: WorldName): Promise<Scorer> {
  const known = scorers.get(name)
  if (known) return known
  const opening = import('./practice/open-scorer.ts').then(async ({ openScorer }) =>
    oneAtATime(await openScorer(name)),
  )
  scorers.set(name, opening)
  opening.catch(() => scorers.delete(name))
  return opening
}

async function open(name: WorldName, baseUrl: string): Promise<OpenedWorld> {
  await close()
  const files = await vault
  const keeper = await openWorldKeeper(files, name)
  const folder = new URL(`worlds/${name}/`, baseUrl).href
  const world = parseWorld(await (await fetchFile(`${folder}world.json`)).json())
  const host: PracticeHost = new PracticeHost({
    world,
    blobs: vaultBlobStore(files, `${name}/blobs`),
    fetchBlob: async (digest) =>
      new Uint8Array(await (await fetchFile(`${folder}blobs/${digest}`)).arrayBuffer()),
    now: () => Date.now(),
    onChange: () => keeper.save(host),
    scorer: async (...job) => (await scorerOf(name))(...job),
    ...keeper.state,
  })
  const clock = new EpochClock({
    speed: keeper.settings.speed,
    now: () => Date.now(),
    epochStart: () => host.epochStartMs,
    schedule(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds)
      return () => clearTimeout(timer)
    },
    endEpoch() {
      if (current?.host !== host) return
      advance(current)
      emit({ kind: 'epoch', world: name, clock: clockState(current) })
    },
  })
  host.setEpochDuration(clock.epochMs)
  const { players } = keeper.settings
  current = { name, host, keeper, clock, players, playing: Promise.resolve() }
  return opened(current)
}

/** Until the next world is there none is: a call meant for it must not reach the one before. */
async function close(): Promise<void> {
  const before = current
  current = undefined
  before?.clock.stop()
  for (const stream of streams.values()) stream.abort()
  await before?.keeper.saved().catch(() => undefined)
}

async function fetchFile(url: string): Promise<Response> {
  const response = await fetch(url)
  if (response.ok) return response
  throw new StudioError('network', `${url} answered ${response.status}.`, {
    hint: 'The installation of the studio is incomplete: build it again.',
  })
}

/** The open world; refused where the caller means another one. */
function opening(world?: WorldName): OpenWorld {
  if (current && (world === undefined || world === current.name)) return current
  throw new StudioError('refused', `The ${world ?? 'practice'} world is not open.`, {
    hint: 'Open it on the Network screen, then try again.',
    retryable: true,
  })
}

function opened(world: OpenWorld): OpenedWorld {
  return { models: world.host.world.models, clock: clockState(world) }
}

function clockState({ clock, players }: OpenWorld): ClockState {
  return { speed: clock.speed, players, endsAt: clock.endsAt ?? null }
}

function advance(world: OpenWorld): bigint {
  const epoch = world.host.advanceEpoch()
  world.clock.restart()
  if (world.players) world.playing = world.playing.then(() => play(world))
  return epoch
}

/** Lets the accounts act; what stops them is reported, never thrown. */
async function play(world: OpenWorld): Promise<void> {
  if (current !== world) return
  let played: PlayedEpoch
  try {
    await scorerOf(world.name)
    played = describe(await world.host.play())
    await world.keeper.saved()
  } catch (error) {
    const { message } = StudioError.from(error)
    const epoch = world.host.epoch
    played = { epoch, submissions: 0, wins: [], claims: 0, trouble: `Nobody could submit data: ${message}` }
  }
  if (current === world) emit({ kind: 'played', world: world.name, played })
}

function describe({ epoch, submissions, claims, failed }: PlayReport): PlayedEpoch {
  const wins = new Map<string, number>()
  for (const { modelId } of submissions) wins.set(modelId, (wins.get(modelId) ?? 0) + 1)
  return {
    epoch,
    submissions: submissions.length,
    wins: [...wins].map(([modelId, count]) => ({ modelId, count })),
    claims,
    trouble: failed.map(({ modelId, reason }) => `${modelId} could not be scored: ${reason}`).join(' '),
  }
}

async function changeSettings(world: OpenWorld, change: Partial<WorldSettings>): Promise<ClockState> {
  if (change.speed !== undefined) {
    world.clock.speed = change.speed
    world.host.setEpochDuration(world.clock.epochMs)
  }
  if (change.players !== undefined) world.players = change.players
  await world.keeper.saveSettings({ speed: world.clock.speed, players: world.players })
  return clockState(world)
}

async function reset(name: WorldName, baseUrl: string): Promise<OpenedWorld> {
  await close()
  await (await vault).remove(name)
  return open(name, baseUrl)
}

async function importWorld(world: OpenWorld, data: Blob): Promise<OpenedWorld> {
  await world.host.importWorld(await readJson(data))
  world.clock.restart()
  await world.keeper.saved()
  return opened(world)
}

async function readJson(data: Blob): Promise<unknown> {
  try {
    return JSON.parse(await data.text())
  } catch {
    // Checked, and refused by name, like any other file that is not an export.
    return undefined
  }
}

async function stream(call: Extract<PracticeCall, { kind: 'stream' }>): Promise<PracticeReplies['stream']> {
  const abort = new AbortController()
  streams.set(call.id, abort)
  const send = (response: Uint8Array) => emit({ kind: 'message', id: call.id, response })
  try {
    return await callStream(call, opening().host.transport, { signal: abort.signal, emit: send })
  } finally {
    streams.delete(call.id)
  }
}

async function readFile(url: string): Promise<Blob> {
  const response = await opening().host.fetch(url)
  if (response.ok) return response.blob()
  throw new StudioError('not-found', `${url} is not hosted on the practice network.`, {
    hint: 'The world may have been reset since it was published.',
  })
}

async function handle(call: PracticeCall): Promise<PracticeReplies[PracticeCall['kind']]> {
  switch (call.kind) {
    case 'open':
      return open(call.world, call.baseUrl)
    case 'rpc': {
      const world = opening()
      const reply = await callUnary(call, world.host.transport)
      // What the caller has been told must survive the tab.
      await world.keeper.saved()
      return reply
    }
    case 'stream':
      return stream(call)
    case 'endStream':
      streams.get(call.id)?.abort()
      return null
    case 'faucet': {
      const { host, keeper } = opening(call.world)
      const { amount } = host.faucet(call.address)
      await keeper.saved()
      return { amount }
    }
    case 'advanceEpoch': {
      const world = opening(call.world)
      const epoch = advance(world)
      await world.keeper.saved()
      return { epoch, clock: clockState(world) }
    }
    case 'setSpeed':
      return changeSettings(opening(call.world), { speed: call.speed })
    case 'setPlayers':
      return changeSettings(opening(call.world), { players: call.players })
    case 'reset':
      return reset(call.world, call.baseUrl)
    case 'exportWorld': {
      const file = await opening(call.world).host.exportWorld()
      return new Blob([JSON.stringify(file)], { type: 'application/json' })
    }
    case 'importWorld':
      return importWorld(opening(call.world), call.data)
    case 'putBlob': {
      const { host } = opening(call.world)
      await host.putBlob(call.digest, new Uint8Array(await call.data.arrayBuffer()))
      return { url: blobUrl(call.digest) }
    }
    case 'score': {
      const { host } = opening(call.world)
      return host.score(call.targetId, new Uint8Array(await call.data.arrayBuffer()))
    }
    case 'serveFiles':
      servePracticeFiles(call.port, readFile)
      return null
    default:
      return call satisfies never
  }
}

const { emit } = serveCalls<PracticeCall, PracticeReplies[PracticeCall['kind']], PracticeEvent>(handle)
