import { StudioError } from './studio-error.ts'

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Lower-case hex digits, two for each byte, without a prefix. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += digits[byte]
  return text
}

/** Bytes of an even number of hex digits, with or without `0x`; 'bad-input' otherwise. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  const body = text.startsWith('0x') ? text.slice(2) : text
  if (body.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(body)) {
    throw new StudioError('bad-input', 'This is not hexadecimal.', {
      hint: 'Use an even number of the digits 0-9 and a-f.',
    })
  }
  return Uint8Array.from({ length: body.length / 2 }, (_, i) =>
    Number.parseInt(body.slice(2 * i, 2 * i + 2), 16),
  )
}
