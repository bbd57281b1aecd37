/** What a page may reach, by where the page and the address lie. Everything here is decided without a request. */

/** A name or address of this computer. */
export function isThisComputer(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\./.test(hostname)
  )
}

/** This computer or one of the same network: addresses that nobody else on the internet has. */
export function isLocalNetwork(hostname: string): boolean {
  return (
    isThisComputer(hostname) ||
    /^(10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\./.test(hostname) ||
    /^\[f[cd]/i.test(hostname) ||
    /^\[fe80:/i.test(hostname) ||
    hostname.endsWith('.local')
  )
}

/** An https page may not call http, except on this computer, which browsers trust. */
export function isMixedContent(page: string, url: string): boolean {
  const [from, to] = [new URL(page), new URL(url)]
  return from.protocol === 'https:' && to.protocol === 'http:' && !isThisComputer(to.hostname)
}

/** Whether Chrome asks the user first: a page out of the internet calls this computer or its network. */
export function asksForLocalNetwork(page: string, url: string): boolean {
  const [from, to] = [new URL(page), new URL(url)]
  return from.protocol === 'https:' && !isLocalNetwork(from.hostname) && isLocalNetwork(to.hostname)
}
