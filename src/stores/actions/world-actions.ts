import { StudioError } from '../../lib/studio-error.ts'
import type { ClockState, PracticeEvent, Speed } from '../../worker/practice-protocol.ts'
import type { WorldName } from '../network-store.ts'
import type { StudioParts } from '../studio-parts.ts'
import type { NetworkActions } from './network-actions.ts'

/** Larger files are not read at all: an exported world has a few megabytes. */
const MAX_IMPORT_BYTES = 512 * 1024 * 1024

/** What the user does with a practice world as a whole: its clock, its players, its file. */
export function worldActions({ stores, practice }: StudioParts, actions: NetworkActions) {
  const { network } = stores

  practice.onEvent((event: PracticeEvent) => {
    if (event.kind === 'message' || event.world !== network.getState().world) return
    if (event.kind === 'epoch') network.setState({ clock: event.clock })
    else network.setState({ played: event.played })
    void actions.refreshNetwork()
  })

  /** Shown at once, as the worker has it when it answers, and as it was where it refuses. */
  async function changeClock(change: Partial<ClockState>, call: (world: WorldName) => Promise<ClockState>) {
    const { world, clock } = network.getState()
    if (clock) network.setState({ clock: { ...clock, ...change } })
    try {
      const changed = await call(world)
      if (network.getState().world === world) network.setState({ clock: changed })
    } catch (error) {
      if (network.getState().world === world) network.setState({ clock })
      throw error
    }
  }

  return {
    setSpeed: (speed: Speed) =>
      changeClock({ speed }, (world) => practice.call({ kind: 'setSpeed', world, speed })),

    setPlayers: (players: boolean) =>
      changeClock({ players }, (world) => practice.call({ kind: 'setPlayers', world, players })),

    /** The whole world as a file. */
    exportWorld: () => practice.call({ kind: 'exportWorld', world: network.getState().world }),

    /** Goes on from an exported file; a refusal leaves the world as it was. */
    async importWorld(data: Blob) {
      if (data.size > MAX_IMPORT_BYTES) {
        throw new StudioError('bad-input', 'The file is too large for an exported world.', {
          hint: 'Choose a file that was saved with “Export world” on the Network screen.',
        })
      }
      const { world } = network.getState()
      const { models, clock } = await practice.call({ kind: 'importWorld', world, data })
      network.setState({ competitors: models, clock, played: null })
      await actions.refreshNetwork()
    },
  }
}
