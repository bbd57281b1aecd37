import { useEffect, useState } from 'react'
import { formatBytes } from '../../lib/format-bytes.ts'
import { Card } from '../../ui/card.tsx'
import { LinkButton, Sub } from '../../ui/text.tsx'
import { useStudioState } from '../studio-context.tsx'

interface Held {
  readonly usage: number
  readonly quota: number
  /** Whether the browser has promised not to clear it by itself. */
  readonly kept: boolean
}

/** What all that the studio keeps takes of this browser's storage, and whether the browser may clear it. */
export function StorageCard() {
  const [held, setHeld] = useState<Held | null>(null)
  const [refused, setRefused] = useState(false)
  const runs = useStudioState('runs', (state) => state.runs)
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs are most of what is stored
  useEffect(() => {
    let isOpen = true
    void readStorage().then((found) => isOpen && setHeld(found))
    return () => {
      isOpen = false
    }
  }, [runs])
  const ask = async () => {
    setRefused(!(await navigator.storage.persist().catch(() => false)))
    setHeld(await readStorage())
  }
  if (!held) return null
  return (
    <Card
      title="Storage"
      action={held.kept ? undefined : <LinkButton onClick={ask}>Ask to keep it</LinkButton>}
    >
      <div data-testid="storage">
        Runs, checkpoints, data, worlds and the studio’s own files take {formatBytes(held.usage)} of the{' '}
        {formatBytes(held.quota)} that this browser offers.
      </div>
      <Sub>
        {held.kept
          ? 'The browser has promised to keep it until you delete it.'
          : refused
            ? 'The browser makes no promise for this page yet: it may clear this when its disk is full. Use the page for a while or install it, then ask again; back up keys and reveal bundles meanwhile.'
            : 'The browser may clear it when its disk is full, unless it promises not to.'}
      </Sub>
    </Card>
  )
}

/** Null where the browser does not say. */
async function readStorage(): Promise<Held | null> {
  try {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate()
    return { usage, quota, kept: await navigator.storage.persisted() }
  } catch {
    return null
  }
}
