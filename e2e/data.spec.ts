import { expect, test } from '@playwright/test'
import { StudioDriver } from './studio-driver.ts'

test('the network’s data is kept on sight, chosen by place, and joined by rows of a dataset with their origin', async ({
  page,
}) => {
  // A stand-in for the hub, in its documented shape.
  await page.route('https://datasets-server.huggingface.co/rows?**', (route) => {
    const query = new URL(route.request().url()).searchParams
    const [offset, length] = [Number(query.get('offset')), Number(query.get('length'))]
    const rows = Array.from({ length }, (_, i) => ({
      row_idx: offset + i,
      row: { text: `Page ${offset + i} of ${query.get('dataset')}` },
      truncated_cells: [],
    }))
    return route.fulfill({
      json: { features: [], rows, num_rows_total: 900, num_rows_per_page: 100, partial: false },
      headers: { 'access-control-allow-origin': '*' },
    })
  })
  const studio = new StudioDriver(page)
  await studio.open()
  await studio.chooseConfig('small')
  await studio.go('Strategies')
  await studio.at('tab-data').click()
  await expect.poll(() => studio.value('archive', 'kept'), { timeout: studio.patience }).toBe(54)

  await studio.at('data-place').selectOption({ label: 'Weathervane' })
  await studio.fill('data-limit', 3)
  await expect(studio.at('fitting')).toHaveAttribute('data-count', '3')
  await studio.at('add-targets').click()
  await expect(studio.at('data-added')).toContainText('3 documents')
  await studio.at('sample-fineweb-edu').click()
  await expect(studio.at('data-added')).toContainText('100 documents')
  await expect(studio.at('sources')).toHaveAttribute('data-count', String(6 + 3 + 100))
  await page.getByText('Where it is from').first().click()
  await expect(studio.at('sources')).toContainText('BLAKE2b-256')

  // Another visit finds what was kept, and no page of the network is needed to show it.
  await page.reload()
  await studio.go('Strategies')
  await studio.at('tab-data').click()
  await expect.poll(() => studio.value('archive', 'targets'), { timeout: studio.patience }).toBe(54)
  await studio.at('archive-clear').click()
  await studio.at('archive-clear-confirm').click()
  await expect.poll(() => studio.value('archive', 'targets')).toBe(0)
})
