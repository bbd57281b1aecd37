import type { Timestamp } from '@bufbuild/protobuf/wkt'

/** Milliseconds since 1970; 0 where there is none. */
export function timestampMs(timestamp: Timestamp | undefined): number {
  return timestamp === undefined ? 0 : Number(timestamp.seconds) * 1000 + Math.floor(timestamp.nanos / 1e6)
}
