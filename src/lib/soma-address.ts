/** Whether a text is an address or object id: `0x` and 64 hex digits. */
export function isAddress(text: string): boolean {
  return /^0x[0-9a-fA-F]{64}$/.test(text)
}

/** Both ends of an address or digest, for the screen: `0x7573…c110`; short texts stay whole. */
export function compactAddress(address: string, digits = 4): string {
  const prefix = address.startsWith('0x') ? 2 : 0
  if (address.length <= prefix + 2 * digits + 1) return address
  return `${address.slice(0, prefix + digits)}…${address.slice(-digits)}`
}
