import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { sampleText, temporaryFile } from './corpus-file.ts'
import { type SpawnedServer, spawnServer } from './spawn-server.ts'
import { StudioDriver } from './studio-driver.ts'

const passphrase = 'correct horse battery'
const blobs = mkdtempSync(join(tmpdir(), 'studio-blobs-'))
let node: SpawnedServer
let studioServer: SpawnedServer
/** Addresses by service, as the practice server printed them. */
let urls: Record<'rpc' | 'faucet' | 'scoring' | 'admin' | 'blobs', string>

test.beforeAll(async () => {
  const free = ['--port', '--faucet-port', '--scoring-port', '--admin-port', '--blobs-port'].flatMap(
    (flag) => [flag, '0'],
  )
  const options = [...free, '--no-players', '--blobs', blobs]
  node = await spawnServer('server/practice/main.ts', options, /ready: /)
  const port = (name: string) => new RegExp(`${name} (\\d+)`).exec(node.line)![1]
  const local = (name: string) => `http://127.0.0.1:${port(name)}`
  urls = {
    rpc: /ready: (\S+?);/.exec(node.line)![1]!,
    faucet: local('faucet'),
    scoring: local('scoring'),
    admin: local('admin'),
    blobs: local('blobs'),
  }
  const connect = Object.values(urls).flatMap((url) => ['--connect', url])
  studioServer = await spawnServer(
    'server/main.ts',
    ['--no-open', '--port', '0', ...connect],
    /SOMA Studio: /,
  )
})

test.afterAll(async () => {
  await Promise.all([node?.stop(), studioServer?.stop()])
  rmSync(blobs, { recursive: true, force: true })
})

test('a localnet: account, faucet, host, commit, reveal, update, stake, commission, claim, submission, deactivation, withdrawal, merge', async ({
  page,
}) => {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  const studio = new StudioDriver(page)
  await studio.open(studioServer.line.split(': ')[1]!)

  await studio.go('Network')
  await studio.at('network-select').selectOption('add')
  await page.getByLabel('Name').fill('My localnet')
  for (const [label, service] of [
    ['RPC', 'rpc'],
    ['Faucet', 'faucet'],
    ['Scoring', 'scoring'],
    ['Admin', 'admin'],
  ] as const) {
    await page.getByLabel(label, { exact: true }).fill(urls[service])
  }
  await page.getByRole('button', { name: 'Add and connect' }).click()
  await expect(studio.at('advance-epoch')).toBeVisible()
  await expect(studio.at('checkpoint')).toContainText('checkpoint')
  // Each service answers through the bridge, and asking has had no effect.
  for (const name of ['reachable', 'cors', 'chain', 'protocol', 'registry', 'faucet', 'scoring', 'admin']) {
    await expect(page.locator(`[data-probe="${name}"]`)).toHaveAttribute('data-answer', 'yes')
  }

  // The practice account never signs here: an account with a passphrase is made.
  await studio.go('Wallet')
  await expect(studio.at('needs-account')).toBeVisible()
  await studio.at('create-start').click()
  const words = await studio.at('phrase').getByRole('listitem').allTextContents()
  await studio.at('phrase-written').click()
  for (const [i, word] of words.entries()) {
    if (await studio.at(`word-${i}`).isVisible()) await studio.at(`word-${i}`).fill(word)
  }
  await studio.at('passphrase-input').fill(passphrase)
  await studio.at('passphrase-again').fill(passphrase)
  await studio.at('create-button').click()
  await studio.at('faucet-button').click()
  await expect(studio.at('balance')).not.toContainText('0.000000000')

  await studio.go('Train')
  await studio.chooseConfig('small')
  await studio.dropData(temporaryFile('rivers.txt', sampleText(20_000)))
  await studio.fill('steps-input', 2)
  await studio.fill('sequence-input', 32)
  await studio.counted()
  await studio.at('train-button').click()
  await studio.waitForPhase('finished')

  // Strategies read models and data of this network as they do those of a world.
  await studio.go('Strategies')
  await studio.at('tab-gaps').click()
  await studio.fill('gap-limit', 2)
  await studio.at('gap-button').click()
  await expect(studio.at('gaps')).toHaveAttribute('data-compared', '2', { timeout: studio.patience })
  await studio.at('tab-map').click()
  await studio.at('map-button').click()
  await expect(studio.at('region')).toBeVisible()
  await studio.go('Train')

  // A host that is not there changes nothing; the next one holds the file, read back before anything is signed.
  await studio.at('commit-button').click()
  await expect(studio.at('host-form')).toBeVisible({ timeout: studio.patience })
  await studio.at('host-url').fill(`${urls.blobs}/not-there.enc?key=1`)
  await studio.at('host-button').click()
  await expect(studio.at('host-fault')).toContainText('what is committed is public')
  await studio.at('host-url').fill(`${urls.blobs}/models/`)
  await studio.at('host-button').click()
  await studio.reviewed('create')
  expect(readdirSync(join(blobs, 'models'))).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.enc$/)])
  await studio.at('sign-button').click()
  // Without the passphrase nothing is signed, and the package waits.
  await studio.at('prompt-cancel').click()
  await expect(studio.at('draft-state').first()).toHaveText('packaged')
  await studio.at('continue-draft').click()
  await studio.reviewed('create')
  await studio.at('sign-button').click()
  await studio.at('prompt-passphrase').fill(passphrase)
  await studio.at('prompt-submit').click()
  await studio.reviewed('commit')
  await expect(studio.at('review')).toContainText('pending')
  await studio.at('sign-button').click()
  await studio.receipt('commit')
  const modelId = (await studio.at('model-id').first().textContent()) ?? ''

  // The owner's host no longer answers this page: the file comes through the node, and the reveal goes on.
  await page.route(`${urls.blobs}/**`, (route) => route.abort())
  await studio.advanceEpoch()
  await studio.reveal()
  await page.unroute(`${urls.blobs}/**`)
  await expect(studio.at('draft-state').first()).toHaveText('active')
  await studio.go('Network')
  await expect(page.locator(`[data-model="${modelId}"]`)).toContainText('active')

  // Other weights for it: encrypted with a fresh key, hosted beside the first file, revealed in the next epoch.
  await studio.at('update-model').click()
  await studio.at('update-go').click()
  await expect(studio.at('host-form')).toBeVisible({ timeout: studio.patience })
  await studio.at('host-url').fill(`${urls.blobs}/models/`)
  await studio.at('host-button').click()
  await studio.reviewed('commit')
  await expect(studio.at('review')).toContainText('keeps serving with the old ones')
  await studio.at('sign-button').click()
  await studio.receipt('commit')
  expect(readdirSync(join(blobs, 'models'))).toHaveLength(2)
  await studio.advanceEpoch()
  await studio.reveal()
  await expect(studio.at('draft-state').nth(1)).toHaveText('replaced')
  await studio.go('Network')

  /** Answers yes to the review on screen. */
  const agree = async () => {
    await expect(studio.at('request-sign')).toBeEnabled({ timeout: studio.patience })
    await studio.at('request-sign').click()
    await studio.sent()
  }
  const own = page.locator(`[data-own-model="${modelId}"]`)
  await own.getByTestId('stake').click()
  await studio.at('stake-field').fill('0.1')
  await studio.at('stake-review').click()
  await agree()
  await own.getByTestId('commission').click()
  await studio.at('commission-field').fill('7.5')
  await studio.at('commission-review').click()
  await agree()
  await expect(own).toContainText('7.5 % from the next epoch on')
  await studio.at('claim').first().click()
  await agree()
  await expect(page.getByRole('region', { name: 'Activity' })).toContainText('Claim reward')
  // Data of this device, hosted, scored by the network's service and shown before it is signed.
  await page.getByRole('button', { name: 'open', exact: true }).click()
  await studio.at('submit').first().click()
  await studio.choose('submit-file', temporaryFile('rivers-short.txt', sampleText(300)))
  await studio.at('submit-address').fill(`${urls.blobs}/data/`)
  await studio.at('submit-score').click()
  await expect(studio.at('review').or(studio.at('submit-fault'))).toBeVisible({ timeout: studio.patience })
  await expect(studio.at('review')).toContainText('is filled with your data')
  await agree()
  await expect(page.getByRole('region', { name: 'Rewards to claim', exact: true })).toContainText(
    'your data, with its bond',
  )
  await own.getByTestId('deactivate').click()
  await studio.at('deactivate-review').click()
  await agree()
  await expect(own).toContainText('Inactive for good')

  await studio.go('Wallet')
  await page.locator('[data-stake]').filter({ hasText: '0.100000000' }).getByTestId('withdraw').click()
  await agree()
  await expect(page.locator('[data-stake]')).toHaveCount(1)
  await studio.at('merge-button').click()
  await agree()
  await expect(studio.at('merge-button')).toHaveCount(0)
  expect(faults).toEqual([])
})
