import { expect, test } from 'vitest'
import { readPracticeOptions } from './options.ts'

test('defaults are the ports of a localnet, on this machine only', () => {
  expect(readPracticeOptions([])).toEqual({
    config: 'small',
    host: '127.0.0.1',
    port: 9000,
    faucetPort: 9123,
    scoringPort: 9124,
    adminPort: 9125,
    blobs: undefined,
    blobsPort: 9200,
    scorer: 'cpu',
    players: true,
    help: false,
  })
})

test('what is asked for is taken', () => {
  const args = ['--port', '19000', '--config', 'practice', '--blobs', 'here', '--scorer', 'gpu']
  expect(readPracticeOptions(args)).toMatchObject({
    port: 19000,
    config: 'practice',
    blobs: 'here',
    scorer: 'gpu',
  })
  const none = ['--no-players', '--port', '0', '--faucet-port', '0', '--admin-port', '0']
  expect(readPracticeOptions(none)).toMatchObject({ players: false, port: 0, faucetPort: 0, adminPort: 0 })
})

test.each([
  [['--port', '99999'], '--port 99999 is not a port number.'],
  [['--scoring-port', 'x'], '--scoring-port x is not a port number.'],
  [['--port', '9123'], 'Port 9123 is asked for twice; each service needs its own.'],
  [['--config', 'v1'], '--config v1 is not known: it can be small or practice.'],
  [['--scorer', 'tpu'], '--scorer tpu is not known: it can be cpu or gpu.'],
  [['--blobs', ''], '--blobs needs the name of a folder.'],
  [['--blob', 'x'], "Unknown option '--blob'"],
  [['9000'], 'Unexpected argument'],
])('%j is refused in a sentence', (args, sentence) => {
  expect(() => readPracticeOptions(args)).toThrow(sentence)
})
