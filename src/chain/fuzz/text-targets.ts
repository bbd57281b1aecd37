import { fromHex, toHex } from '../../lib/hex.ts'
import { formatSoma, parseSoma } from '../../lib/soma-amount.ts'
import { failureKind, failureSentence } from '../failure-sentences.ts'
import { digestFromText, digestToText, idToBytes, normaliseId } from '../ids.ts'
import { customNetwork } from '../networks.ts'
import { normaliseUrl } from '../transaction/normalise-url.ts'
import { planTransfer } from '../transaction/plan-payments.ts'
import type { FuzzTarget } from './run-fuzz.ts'

const address = '0x7573c697fa68450f04fa0dee2d39dcdc8a5ccf5db547f3e47638a6f8eeeec110'

/** Readers of text forms: what is accepted has one canonical form. */
export function textTargets(): FuzzTarget[] {
  return [
    {
      name: 'id',
      kind: 'text',
      seeds: [address, address.slice(2), '0x5'],
      run: (text) => {
        if (idToBytes(text).length !== 32 || normaliseId(normaliseId(text)) !== normaliseId(text)) {
          throw new Error('is not one id')
        }
      },
    },
    {
      name: 'Base58 digest',
      kind: 'text',
      seeds: ['DQUZuxj2cpwVLXF8aFPFsACSpawKvLvp77W9vHDk9TL3', '11111111111111111111111111111111'],
      run: (text) => {
        if (digestToText(digestFromText(text)) !== text) throw new Error('has two forms')
      },
    },
    {
      name: 'hex',
      kind: 'text',
      seeds: ['00ff10', '0xabcdef'],
      run: (text) => {
        if (toHex(fromHex(text)) !== text.toLowerCase().replace(/^0x/, '')) throw new Error('has two values')
      },
    },
    {
      name: 'amount',
      kind: 'text',
      seeds: ['8.2', '123,456.000000001', '.5'],
      run: (text) => {
        const shannons = parseSoma(text)
        if (parseSoma(formatSoma(shannons)) !== shannons) throw new Error('has two values')
      },
    },
    {
      name: 'file address',
      kind: 'text',
      seeds: ['https://example.com/a b/../ü?q=1 2#f', 'http://127.0.0.1:9200/x'],
      run: (text) => {
        const url = normaliseUrl(text)
        if (normaliseUrl(url) !== url) throw new Error('has two forms')
      },
    },
    {
      name: 'network address',
      kind: 'text',
      seeds: ['https://fullnode.testnet.soma.org', 'http://127.0.0.1:9000'],
      run: (text) => customNetwork('custom', 'Custom', { rpc: text }),
    },
    {
      name: 'recipient',
      kind: 'text',
      seeds: [address],
      run: (text) => planTransfer({ recipient: text, amount: 1n }),
    },
    {
      name: 'failure',
      kind: 'text',
      seeds: ['InvalidArguments { reason: "x" }', 'OtherError("Model in invalid state for this operation")'],
      run: (text) => failureSentence(failureKind(text, text), text).message.slice(0, 1000),
    },
  ]
}
