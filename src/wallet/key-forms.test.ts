import { expect, it } from 'vitest'
import { runFuzz } from '../chain/fuzz/run-fuzz.ts'
import { importKey } from './ed25519-key.ts'

it('a text that is no secret key is refused, whatever it is', async () => {
  const report = await runFuzz(
    [
      {
        name: 'secret key',
        kind: 'text',
        seeds: [
          'somaprivkey1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0jqvt3src',
          'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g',
          '0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20',
        ],
        run: importKey,
      },
    ],
    5000,
  )
  expect(report.faults).toEqual([])
})
