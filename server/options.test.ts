import { expect, test } from 'vitest'
import { addressOf, readOptions } from './options.ts'

test('defaults bind this machine only and open a window', () => {
  expect(readOptions([])).toEqual({
    port: undefined,
    open: true,
    host: '127.0.0.1',
    connectHosts: [],
    help: false,
  })
})

test('networks are kept as origins', () => {
  const args = [
    '--connect',
    'http://10.0.0.5:9000/path?x',
    '--connect',
    'https://node.example',
    '--port',
    '0',
  ]
  expect(readOptions(args)).toMatchObject({
    port: 0,
    connectHosts: ['http://10.0.0.5:9000', 'https://node.example'],
  })
})

test.each([
  [['--connect', 'localhost:9000'], '--connect localhost:9000 is not an http or https URL'],
  [['--connect', '10.0.0.5:9000'], '--connect 10.0.0.5:9000 is not an http or https URL'],
  [['--connect', 'file:///etc'], '--connect file:///etc is not an http or https URL'],
  [['--connect', ''], '--connect  is not an http or https URL'],
  [['--port', '65536'], '--port 65536 is not a port number.'],
  [['--port', 'x'], '--port x is not a port number.'],
  [['--port', ''], '--port  is not a port number.'],
  [['--prot', '80'], "Unknown option '--prot'"],
])('%j is refused in a sentence', (args, sentence) => {
  expect(() => readOptions(args)).toThrow(sentence)
})

test.each([
  ['127.0.0.1', 'http://127.0.0.1:4173/'],
  ['0.0.0.0', 'http://127.0.0.1:4173/'],
  ['::', 'http://127.0.0.1:4173/'],
  ['::1', 'http://[::1]:4173/'],
  ['192.168.0.7', 'http://192.168.0.7:4173/'],
  ['studio.lan', 'http://studio.lan:4173/'],
])('bound to %s it is opened at %s', (host, address) => {
  expect(addressOf(host, 4173)).toBe(address)
})
