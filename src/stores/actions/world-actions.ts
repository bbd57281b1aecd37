import { StudioError } from '../../lib/studio-error.ts'
import type { PracticeEvent, Speed } from '../../worker/practice-protocol.ts'
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

  return {
    async setSpeed(speed: Speed) {
      const { world } = network.getState()
      network.setState({ clock: await practice.call({ kind: 'setSpeed', world, speed }) })
    },

    async setPlayers(players: boolean) {
      const { world } = network.getState()
      network.setState({ clock: await practice.call({ kind: 'setPlayers', world, players }) })
    },

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
