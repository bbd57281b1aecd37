import { BlockList, isIPv4, isIPv6 } from 'node:net'

/** IPv4 that does not lead to a host on the public internet (IANA special-purpose registry, multicast, reserved). */
const special = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  special.addSubnet(network, prefix)
}

/** Global unicast, the only IPv6 that is public. */
const global = new BlockList()
global.addSubnet('2000::', 3, 'ipv6')

/** Inside it: Teredo and other protocol assignments, documentation, and 6to4, which carries any IPv4. */
const specialInGlobal = new BlockList()
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  specialInGlobal.addSubnet(network, prefix, 'ipv6')
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

/** Whether an address (text form, no brackets) is a host on the public internet. What is no address is not. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special.check(address)
  if (!isIPv6(address)) return false
  return global.check(address, 'ipv6') && !specialInGlobal.check(address, 'ipv6')
}

/** Whether an address is this machine. */
export function isLoopbackAddress(address: string): boolean {
  return isIPv4(address) ? loopback.check(address) : isIPv6(address) && loopback.check(address, 'ipv6')
}
