import { expect, test } from 'vitest'
import { isLoopbackAddress, isPublicAddress } from './public-address.ts'
import { addressesFor } from './relay-file.ts'

test.each([
  '1.1.1.1',
  '8.8.8.8',
  '172.15.0.1',
  '172.32.0.1',
  '192.167.1.1',
  '100.128.0.1',
  '223.255.255.255',
])('%s is public', (address) => expect(isPublicAddress(address)).toBe(true))

test.each(['2606:4700:4700::1111', '2a00:1450:4001:82a::200e'])('%s is public', (address) =>
  expect(isPublicAddress(address)).toBe(true),
)

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.2.7',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  '64:ff9b::7f00:1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '3fff::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fe80::1%eth0',
  'ff02::1',
  'localhost',
  '2130706433',
  '',
])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false))

test('loopback is this machine and nothing else', () => {
  expect(['127.0.0.1', '127.9.9.9', '::1'].every(isLoopbackAddress)).toBe(true)
  expect(['10.0.0.1', '::ffff:10.0.0.1', '8.8.8.8', 'localhost'].some(isLoopbackAddress)).toBe(false)
})

test('only a localnet may host on this machine', () => {
  expect(addressesFor('http://127.0.0.1:9000')('127.0.0.1')).toBe(true)
  expect(addressesFor('http://127.0.0.1:9000')('192.168.0.2')).toBe(false)
  expect(addressesFor('https://fullnode.testnet.soma.org')('127.0.0.1')).toBe(false)
  expect(addressesFor('http://10.0.0.5:9000')('10.0.0.5')).toBe(false)
  expect(addressesFor('https://fullnode.testnet.soma.org')('1.1.1.1')).toBe(true)
})
