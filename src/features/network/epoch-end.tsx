import { formatDuration } from '../../lib/format-duration.ts'
import type { NetworkState } from '../../stores/network-store.ts'
import { useNow } from '../../ui/use-now.ts'

/** When the epoch ends, in words. */
export function EpochEnd({ clock }: { clock: NetworkState['clock'] }) {
  const now = useNow()
  if (clock === null || clock.endsAt === null) return 'It ends when you advance it.'
  const seconds = Math.max(0, Math.ceil((clock.endsAt - now) / 1000))
  return (
    <span data-testid="epoch-end" data-seconds={seconds}>
      It ends in {seconds < 10 ? `${seconds} s` : formatDuration(seconds)}, while this page is open.
    </span>
  )
}
