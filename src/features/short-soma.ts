import { formatSoma } from '../lib/soma-amount.ts'

/** An amount where nine decimals do not matter: trailing zeros cut, at most `decimals` kept (rounded down). */
export function shortSoma(shannons: bigint, decimals = 3): string {
  const [whole = '0', fraction = ''] = formatSoma(shannons).split('.')
  const kept = fraction.slice(0, decimals).replace(/0+$/, '')
  return kept === '' ? whole : `${whole}.${kept}`
}
