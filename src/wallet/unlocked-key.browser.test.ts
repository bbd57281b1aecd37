import { hex } from '@scure/base'
import { expect, it } from 'vitest'
import vectors from '../../test/golden/protocol/vectors.json' with { type: 'json' }
import { unlockKey } from './unlocked-key.ts'

it('signs the vectors with a key of the browser', async () => {
  const key = await unlockKey(Uint8Array.from({ length: 32 }, (_, i) => i + 1))
  expect(key.heldBy).toBe('browser')
  for (const { txdata, sig97 } of Object.values(vectors.derived.tx)) {
    expect(hex.encode(await key.sign(hex.decode(txdata)))).toBe(sig97)
  }
})
