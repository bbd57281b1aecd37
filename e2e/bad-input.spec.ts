import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { sampleText, temporaryFile } from './corpus-file.ts'
import { StudioDriver } from './studio-driver.ts'

test('files that cannot be used are refused in words, and the corpus stays', async ({ page }) => {
  const studio = new StudioDriver(page)
  await studio.open()
  await studio.dropData(temporaryFile('good.txt', sampleText(20_000)))

  await studio.drop(temporaryFile('empty.txt', ''))
  await expect(studio.at('corpus-error')).toContainText('empty.txt')
  await expect(studio.at('corpus-summary')).toContainText('good.txt')

  await studio.drop(temporaryFile('tiny.txt', 'ten bytes!'))
  await expect(studio.at('corpus-error')).toContainText('too little to train on')
  await expect(studio.at('corpus-summary')).toContainText('good.txt')

  // A good file beside an empty one is taken; the empty one is named.
  await studio.drop(temporaryFile('other.txt', sampleText(20_000)), temporaryFile('void.txt', ''))
  await expect(studio.at('corpus-summary')).toContainText('other.txt')
  await expect(studio.at('corpus-summary')).toContainText('void.txt')
  await expect(studio.at('corpus-error')).toHaveCount(0)
})

test('a file that is no model is refused when training starts from it', async ({ page }) => {
  const studio = new StudioDriver(page)
  await studio.open()
  await studio.at('start-select').selectOption('file')
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose a file' }).click()
  await (await chooser).setFiles(temporaryFile('story.safetensors', sampleText(3000)))
  await studio.at('train-button').click()
  await expect(page.getByRole('alert').first()).toContainText('story.safetensors')
  await studio.waitForPhase('idle')
})

test('a directory is refused or read, never a crash', async ({ page }) => {
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  const studio = new StudioDriver(page)
  await studio.open()
  const folder = mkdtempSync(join(tmpdir(), 'studio-folder-'))
  await page.evaluate(() => {
    const input = document.createElement('input')
    input.type = 'file'
    input.id = 'driver-folder'
    input.webkitdirectory = true
    document.body.append(input)
  })
  await page.locator('#driver-folder').setInputFiles(folder)
  await page.evaluate(() => {
    // What a browser hands over for a folder where entries are not to be had: a File of no type that cannot be read.
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File([], 'a-folder'))
    const zone = document.querySelector('[data-testid="drop-overlay"]')
    zone?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
  })
  await expect(studio.at('corpus-error')).toContainText('a-folder')
  expect(faults).toEqual([])
})

test('a key that is none is refused and the account stays', async ({ page }) => {
  const studio = new StudioDriver(page)
  await studio.open()
  await studio.go('Wallet')
  await expect(studio.at('address')).toHaveText(/^0x/)
  const before = await studio.at('address').textContent()
  await studio.at('import-input').fill('somaprivkey1notakey')
  await studio.at('import-button').click()
  await expect(page.getByText(/not|cannot/i).first()).toBeVisible()
  expect(await studio.at('address').textContent()).toBe(before)
})
