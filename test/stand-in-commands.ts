import type { BrowserCommand } from 'vitest/node'
import { type Asked, type StandInHost, standInHost } from './stand-in-host.ts'

declare module 'vitest/browser' {
  interface BrowserCommands {
    /** Starts a host on this machine; its address. */
    openStandIn: () => Promise<string>
    /** What was asked of it so far, and how many of its answers are under way. */
    standInLog: () => Promise<{ asked: readonly Asked[]; open: number }>
    closeStandIn: () => Promise<void>
  }
}

let host: StandInHost | undefined

const openStandIn: BrowserCommand<[]> = async () => {
  host?.stop()
  host = await standInHost()
  return host.url
}
const standInLog: BrowserCommand<[]> = () => ({ asked: host?.asked ?? [], open: host?.open() ?? 0 })
const closeStandIn: BrowserCommand<[]> = () => host?.stop()

/** A stand-in host for tests in the browser. */
export const standInCommands = { openStandIn, standInLog, closeStandIn }
