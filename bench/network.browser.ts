import { expect, it } from 'vitest'
import { connectNetwork } from '../src/chain/create-chain-client.ts'
import { customNetwork } from '../src/chain/networks.ts'
import type { SystemStateView } from '../src/chain/system-state-view.ts'
import { createReader } from '../src/worker/reader-client.ts'

const MODELS = 10_000

/** Longest time in milliseconds in which the page could do nothing else while `work` ran, and all of it. */
async function watched(work: () => Promise<SystemStateView>) {
  const channel = new MessageChannel()
  let [longest, last, over] = [0, performance.now(), false]
  channel.port1.onmessage = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (!over) channel.port2.postMessage(null)
  }
  const started = performance.now()
  channel.port2.postMessage(null)
  const { models } = await work()
  const all = performance.now() - started
  longest = Math.max(longest, performance.now() - last)
  over = true
  return { models, ms: Math.round(all), longestPauseMs: Math.round(longest) }
}

it('a registry of 10,000 models, by the main thread and by the worker that the page uses', async () => {
  const readLarge = createReader()
  for (const dim of [64, 2048]) {
    const rpc = `${location.origin}/node-${MODELS}-${dim}`
    const ways = {
      'main thread': connectNetwork(customNetwork('big', 'Big', { rpc })),
      worker: readLarge(rpc),
    }
    // The first reply is made when it is asked for, and the worker starts with its first read.
    await (await fetch(`${rpc}/soma.rpc.LedgerService/GetEpoch`)).arrayBuffer()
    for (const [where, client] of Object.entries(ways)) {
      for (let run = 0; run < 2; run += 1) {
        const { models, ...times } = await watched(() => client.systemState())
        expect([models.length, models.at(-1)?.embedding?.length]).toEqual([MODELS, dim])
        console.log(JSON.stringify({ read: 'registry', models: MODELS, dim, where, run, ...times }))
      }
    }
  }
})
