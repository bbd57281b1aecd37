/** Bytes as text for the screen: UTF-8 with a mark for what is not, control characters as dots. */
export function byteText(bytes: Uint8Array, limit = bytes.length): string {
  return visibleText(new TextDecoder('utf-8').decode(bytes.subarray(0, limit)))
}

/** Text with its control characters, other than line ends and tabs, shown as dots. */
export function visibleText(text: string): string {
  return text.replace(/\p{Cc}/gu, (control) => ('\n\r\t'.includes(control) ? control : '·'))
}

/** Bytes in rows of 16, hex: offset, then values. */
export function hexRows(bytes: Uint8Array): string {
  const rows: string[] = []
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)].map((byte) => byte.toString(16).padStart(2, '0'))
    rows.push(`${at.toString(16).padStart(4, '0')}  ${row.join(' ')}`)
  }
  return rows.join('\n')
}
