import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatAge } from './format-age.ts'
import { formatBytes } from './format-bytes.ts'
import { formatCompact, formatCount, formatPlural } from './format-count.ts'
import { formatDuration } from './format-duration.ts'
import { formatShare } from './format-share.ts'
import { isHttpUrl } from './is-http-url.ts'
import { compactAddress, isAddress } from './soma-address.ts'
import { formatSoma, parseSoma } from './soma-amount.ts'

describe('formatting', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.00 kB'],
    [9_995, '10.0 kB'],
    [99_960, '100 kB'],
    [999_600, '1.00 MB'],
    [41_234_567, '41.2 MB'],
    [4_838_736_928, '4.84 GB'],
    [Number.NaN, '–'],
  ])('%d bytes read %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

  it.each([
    [0, '0.0 s'],
    [9.94, '9.9 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [200, '3 min 20 s'],
    [3599.6, '1 h'],
    [18_120, '5 h 2 min'],
    [356_400, '4 d 3 h'],
    [-1, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('%d seconds read %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text))

  it('says how long ago in one unit', () => {
    expect([59.9, 119, 7199, 200_000].map(formatAge)).toEqual(['59 s', '1 min', '1 h', '2 d'])
    expect(formatAge(-1)).toBe('–')
  })

  it('gives shares in percent without an exponent', () => {
    expect([0.045, 0.449, 0.998, 1.23].map(formatShare)).toEqual(
      ['4.5', '45', '100', '120'].map((digits) => `${digits}\u00a0%`),
    )
    expect(formatShare(Number.NaN)).toBe('–')
  })

  it('separates thousands and shortens', () => {
    expect(formatCount(1_209_684_232)).toBe('1,209,684,232')
    expect(formatCount(-1234)).toBe('-1,234')
    expect(formatCount(12n ** 10n)).toBe('61,917,364,224')
    expect(formatCompact(1_209_684_232)).toBe('1.21B')
    expect(formatCompact(999_600)).toBe('1.00M')
    expect(formatCompact(950)).toBe('950')
    expect(formatPlural(1, 'window')).toBe('1 window')
    expect(formatPlural(2000, 'window')).toBe('2,000 windows')
  })

  it('keeps both ends of an address', () => {
    const address = `0x${'7573'}${'a'.repeat(56)}c110`
    expect(isAddress(address)).toBe(true)
    expect(isAddress(address.slice(0, -1))).toBe(false)
    expect(compactAddress(address)).toBe('0x7573…c110')
    expect(compactAddress('0x12345678')).toBe('0x12345678')
  })

  it.each([
    ['https://example.com/model.enc', true],
    ['http://127.0.0.1:8080/x', true],
    ['ftp://example.com/x', false],
    ['javascript:alert(1)', false],
    ['https://name:secret@example.com/', false],
    ['/models/x', false],
    ['', false],
  ])('isHttpUrl(%s) is %s', (text, expected) => expect(isHttpUrl(text)).toBe(expected))
})

describe('amounts of SOMA', () => {
  const { units } = JSON.parse(
    readFileSync(new URL('../../test/golden/client/crypto.json', import.meta.url), 'utf8'),
  ) as { units: { to_soma: { shannons: string; soma: number }[] } }

  it.each(units.to_soma)('shows $shannons shannons in full', ({ shannons, soma }) => {
    const text = formatSoma(BigInt(shannons))
    expect(text).toMatch(/\.\d{9}$/)
    expect(Number(text.replaceAll(',', ''))).toBe(soma)
    expect(parseSoma(text)).toBe(BigInt(shannons))
  })

  it('reads decimals exactly where floats do not', () => {
    expect(parseSoma('8.2')).toBe(8_200_000_000n)
    expect(parseSoma('.5')).toBe(500_000_000n)
    expect(parseSoma(' 123456789.123456789 ')).toBe(123_456_789_123_456_789n)
    expect(formatSoma(-1n)).toBe('-0.000000001')
  })

  it.each(['', '.', '-1', '1e9', '1.0000000001', 'NaN', '18446744073.709551616', '1 2'])(
    'refuses "%s"',
    (text) => {
      expect(() => parseSoma(text)).toThrow(expect.objectContaining({ code: 'bad-input' }))
    },
  )
})
