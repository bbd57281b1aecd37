import { expect, type Page, test } from '@playwright/test'
import { base64 } from '@scure/base'
import { keyOfSeed } from '../src/wallet/ed25519-key.ts'
import { seedOfPhrase } from '../src/wallet/recovery-phrase.ts'
import { SIGN_FEATURE } from '../src/wallet/wallet-standard.ts'
import { StudioDriver } from './studio-driver.ts'

const passphrase = 'correct horse battery'
const friend = `0x${'f'.repeat(64)}`

async function openWallet(page: Page): Promise<StudioDriver> {
  const studio = new StudioDriver(page)
  await studio.open()
  await studio.go('Wallet')
  await expect(studio.at('balance')).toContainText('2.000000000')
  return studio
}

test('a new account: words, passphrase, coins, a payment, lock, export, restore', async ({ page }) => {
  const said: string[] = []
  page.on('console', (message) => said.push(message.text()))
  page.on('request', (request) => said.push(`${request.url()} ${request.postData() ?? ''}`))
  const studio = await openWallet(page)

  await studio.at('create-start').click()
  const words = await studio.at('phrase').getByRole('listitem').allTextContents()
  expect(words).toHaveLength(12)
  const { address } = keyOfSeed(seedOfPhrase(words.join(' ')))
  await studio.at('phrase-written').click()
  for (const [i, word] of words.entries()) {
    if (await studio.at(`word-${i}`).isVisible()) await studio.at(`word-${i}`).fill(word)
  }
  await studio.at('passphrase-input').fill(passphrase)
  await studio.at('passphrase-again').fill('something else')
  await studio.at('create-button').click()
  await expect(studio.at('form-fault').filter({ hasText: 'not the same' })).toBeVisible()
  await studio.at('passphrase-again').fill(passphrase)
  await studio.at('create-button').click()
  await expect(studio.at('address')).toHaveText(address)

  // It starts locked and empty; the review comes before the passphrase, and a no costs nothing.
  await expect(studio.at('lock-state')).toHaveText('locked')
  await studio.at('faucet-button').click()
  await expect(studio.at('balance')).toContainText('2.000000000')
  await studio.review(friend, '0.75')
  await expect(studio.at('review')).toContainText('0.750000000 SOMA go to 0xffff')
  await studio.at('request-reject').click()
  await expect(studio.at('request-sign')).toHaveCount(0)
  await studio.at('send-button').click()
  await studio.at('request-sign').click()
  await studio.at('prompt-passphrase').fill('wrong passphrase')
  await studio.at('prompt-submit').click()
  await expect(page.getByText('not the passphrase of this account')).toBeVisible()
  await studio.at('prompt-passphrase').fill(passphrase)
  await studio.at('prompt-submit').click()
  await studio.sent()
  await expect(studio.at('balance')).toContainText('1.249')
  await expect(studio.at('lock-state')).toHaveText('unlocked')

  // Unlocked, the next signature asks only for a yes; locked again, a reload does not open it.
  await studio.pay(friend, '0.000000001')
  await studio.at('lock-button').click()
  await expect(studio.at('lock-state')).toHaveText('locked')
  await page.reload()
  await expect(studio.at('address')).toHaveText(address)

  await studio.at('export-passphrase').fill('wrong passphrase')
  await studio.at('export-button').click()
  await expect(studio.at('form-fault').filter({ hasText: 'not the passphrase' })).toBeVisible()
  await studio.at('export-passphrase').fill(passphrase)
  await studio.at('export-button').click()
  const exported = (await studio.at('export-bech32').textContent()) ?? ''
  expect(exported).toBe(keyOfSeed(seedOfPhrase(words.join(' '))).export())

  // Removed and brought back from the words.
  await studio.at('remove-account').click()
  await studio.at('remove-account-confirm').click()
  await expect(studio.at('address')).not.toHaveText(address)
  await studio.at('add-way').selectOption('phrase')
  await studio.at('restore-input').fill(words.join(' '))
  await studio.at('passphrase-input').fill(passphrase)
  await studio.at('passphrase-again').fill(passphrase)
  await studio.at('restore-button').click()
  await expect(studio.at('address')).toHaveText(address)
  await expect(studio.at('balance')).toContainText('1.249')

  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }) + location.href + document.title)
  for (const secret of [exported.slice(20, 50), words.slice(0, 3).join(' '), passphrase]) {
    expect([...said, kept].join('\n').includes(secret)).toBe(false)
  }
})

test('a key on another machine signs by paste, a watched address never', async ({ page }) => {
  const studio = await openWallet(page)
  const key = keyOfSeed(new Uint8Array(32).fill(7))
  await studio.at('add-way').selectOption('offline')
  await studio.at('address-input').fill(key.address)
  await studio.at('address-button').click()
  await expect(studio.at('address')).toHaveText(key.address)
  await studio.at('faucet-button').click()
  await expect(studio.at('balance')).toContainText('2.000000000')

  await studio.review(friend, '1')
  await studio.at('request-sign').click()
  const command = (await studio.at('offline-command').textContent()) ?? ''
  const [, address, data = ''] = /^soma keytool sign --address (0x\S+) --data (\S+)$/.exec(command) ?? []
  expect(address).toBe(key.address)
  await studio.at('prompt-signature').fill(data)
  await studio.at('prompt-submit').click()
  await expect(page.getByText('neither a signature nor a signed transaction')).toBeVisible()
  await studio.at('prompt-signature').fill(base64.encode(key.sign(base64.decode(data))))
  await studio.at('prompt-submit').click()
  await studio.sent()
  await expect(studio.at('balance')).toContainText('0.99')

  await studio.at('add-way').selectOption('watch-only')
  await studio.at('address-input').fill(friend)
  await studio.at('address-button').click()
  await expect(studio.at('balance')).toContainText('1.000000000')
  await expect(studio.at('send-button')).toHaveCount(0)
})

test('a wallet of the browser signs, and its no is no error', async ({ page }) => {
  const key = keyOfSeed(new Uint8Array(32).fill(8))
  let asked = 0
  await page.exposeFunction('fakeSign', (transaction: string) => {
    asked += 1
    return asked === 1 ? null : base64.encode(key.sign(base64.decode(transaction)))
  })
  await page.addInitScript(
    ({ address, feature }) => {
      const account = { address, label: 'First', chains: ['soma:practice'], features: [feature] }
      const { fakeSign } = window as unknown as { fakeSign(data: string): Promise<string | null> }
      const wallet = {
        version: '1.0.0',
        name: 'Fake Wallet',
        icon: 'data:image/png;base64,AA==',
        chains: ['soma:practice'],
        accounts: [],
        features: {
          'standard:connect': { version: '1.0.0', connect: async () => ({ accounts: [account] }) },
          [feature]: {
            version: '1.0.0',
            signTransaction: async ({ transaction }: { transaction: string }) => {
              const signature = await fakeSign(transaction)
              if (signature === null) throw new Error('User rejected the request.')
              return { bytes: transaction, signature }
            },
          },
        },
      }
      type Api = { register(...wallets: object[]): void }
      window.addEventListener('wallet-standard:app-ready', (event) =>
        (event as CustomEvent<Api>).detail.register(wallet),
      )
    },
    { address: key.address, feature: SIGN_FEATURE },
  )
  const studio = await openWallet(page)
  await studio.at('add-way').selectOption('wallet')
  await expect(page.getByText('None is known to exist today')).toBeVisible()
  await studio.at('connect-wallet').click()
  await page.locator(`[data-account="${key.address}"]`).getByTestId('use-account').click()
  await expect(studio.at('address')).toHaveText(key.address)
  await studio.at('faucet-button').click()
  await expect(studio.at('balance')).toContainText('2.000000000')
  await studio.review(friend, '1')
  await studio.at('request-sign').click()
  // The wallet's no closes the request without a word of failure.
  await expect(studio.at('request-sign')).toHaveCount(0)
  await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toHaveCount(0)
  await studio.pay(friend, '1')
  await expect(studio.at('balance')).toContainText('0.99')
})
