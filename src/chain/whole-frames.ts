import { StudioError } from '../lib/studio-error.ts'

/** Flag byte and u32 length (big-endian) before each gRPC-web frame. */
const HEADER = 5

/** A registry of 10,000 models at dimension 2048 has 82 MB; a longer frame is no reply of a node. */
const MAX_FRAME = 512 * 2 ** 20

/**
 * A fetch whose gRPC-web replies come frame by frame, each only when all of it has arrived. The client behind it makes
 * room for what a frame's header promises, up to 4 GiB; this way a header that lies costs nothing.
 */
export function fetchWholeFrames(fetchFunction: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await fetchFunction(input, init)
    const isFramed = /^application\/grpc-web(\+proto)?$/.test(response.headers.get('content-type') ?? '')
    if (response.body === null || !isFramed) return response
    const { status, statusText, headers } = response
    return new Response(response.body.pipeThrough(wholeFrames()), { status, statusText, headers })
  }
}

/** Passes on whole frames; errors with 'corrupt' where the bytes end inside one or one is too long. */
export function wholeFrames(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  /** What has arrived of the current frame, in pieces: joined once, when it is complete. */
  let pieces: Uint8Array<ArrayBuffer>[] = []
  let held = 0
  let wanted = HEADER

  function take(length: number): Uint8Array<ArrayBuffer> {
    const frame = new Uint8Array(length)
    let filled = 0
    while (filled < length) {
      const piece = pieces[0]!
      const part = piece.subarray(0, length - filled)
      frame.set(part, filled)
      filled += part.length
      if (part.length === piece.length) pieces.shift()
      else pieces[0] = piece.subarray(part.length)
    }
    held -= length
    return frame
  }

  return new TransformStream({
    transform(chunk, controller) {
      if (chunk.length === 0) return
      pieces.push(chunk)
      held += chunk.length
      while (held >= wanted) {
        if (wanted === HEADER) {
          const header = take(HEADER)
          pieces.unshift(header)
          held += HEADER
          const length = new DataView(header.buffer).getUint32(1)
          if (length > MAX_FRAME) throw cutOff('The reply announces more than any node sends.')
          wanted = HEADER + length
          if (held < wanted) return
        }
        controller.enqueue(take(wanted))
        wanted = HEADER
      }
    },
    flush() {
      if (held > 0) throw cutOff('The reply broke off in the middle.')
      pieces = []
    },
  })
}

function cutOff(message: string): StudioError {
  return new StudioError('corrupt', message, {
    hint: 'Try again; if it stays, the address is not that of a node, or something between changes its replies.',
    retryable: true,
  })
}
