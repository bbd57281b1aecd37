/** The body of an answer as it comes; whoever stops reading it ends the connection. */
export async function* streamChunks({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader()
  let finished = false
  try {
    while (reader) {
      const { done, value } = await reader.read()
      if (done) break
      yield value
    }
    finished = true
  } finally {
    if (!finished) await reader?.cancel().catch(() => undefined)
  }
}
