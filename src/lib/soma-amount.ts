import { StudioError } from './studio-error.ts'

/** 1 SOMA in shannons; all arithmetic is done in whole shannons. */
export const SHANNONS_PER_SOMA = 1_000_000_000n

const U64_MAX = 2n ** 64n - 1n

/** Shannons as SOMA with nine decimals: `1.000501600`, thousands separated by commas. */
export function formatSoma(shannons: bigint): string {
  const sign = shannons < 0n ? '-' : ''
  const magnitude = shannons < 0n ? -shannons : shannons
  const whole = (magnitude / SHANNONS_PER_SOMA).toString().replace(/\B(?=(\d{3})+$)/g, ',')
  return `${sign}${whole}.${(magnitude % SHANNONS_PER_SOMA).toString().padStart(9, '0')}`
}

/**
 * Shannons of a decimal text such as `8.2`. Reads the digits: a float would make 8,199,999,999 of 8.2.
 * 'bad-input' for anything but a number of at most nine decimals that fits 64 bits.
 */
export function parseSoma(text: string): bigint {
  const match = /^(\d[\d,]*)?(?:\.(\d{0,9}))?$/.exec(text.trim())
  const whole = match?.[1]?.replaceAll(',', '') ?? ''
  const decimals = match?.[2] ?? ''
  if (!match || whole + decimals === '') {
    throw new StudioError('bad-input', `"${text}" is not an amount of SOMA.`, {
      hint: 'Write a number with at most nine decimals, such as 1.5.',
    })
  }
  const shannons = BigInt(whole || '0') * SHANNONS_PER_SOMA + BigInt(decimals.padEnd(9, '0'))
  if (shannons > U64_MAX) {
    throw new StudioError('bad-input', `${text} SOMA is more than the network can hold.`, {
      hint: 'Write a smaller amount.',
    })
  }
  return shannons
}
