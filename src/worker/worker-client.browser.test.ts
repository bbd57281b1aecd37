import { expect, test } from 'vitest'
import { createWorkerClient } from './worker-client.ts'

type Call = { readonly kind: 'echo'; readonly text: string } | { readonly kind: 'die' }
type Replies = { echo: string; die: null }

/** A real worker: answers echo, and throws where nothing catches it on die. */
const source = `
  addEventListener('message', ({ data: { id, call } }) => {
    if (call.kind === 'die') setTimeout(() => { throw new Error('out of luck') })
    else postMessage({ id, reply: call.text })
  })
  setTimeout(() => postMessage({ ready: true }), 50)
`
const spawn = () => new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })))

test('calls made before the worker is ready are answered', async () => {
  const client = createWorkerClient<Call, Replies, never>(spawn, 'The test worker', 'Restart it.')
  const replies = await Promise.all(['a', 'b'].map((text) => client.call({ kind: 'echo', text })))
  expect(replies).toEqual(['a', 'b'])
})

test('a crash rejects what was asked, says so once, and a restart works', async () => {
  const client = createWorkerClient<Call, Replies, never>(spawn, 'The test worker', 'Restart it.')
  const crashes: string[] = []
  client.onCrash((error) => crashes.push(error.message))
  const lost = client.call({ kind: 'die' })
  await expect(lost).rejects.toMatchObject({ code: 'internal', hint: 'Restart it.', retryable: true })
  expect(crashes.length).toBe(1)
  expect(crashes[0]).toContain('out of luck')
  client.restart()
  expect(await client.call({ kind: 'echo', text: 'again' })).toBe('again')
})
