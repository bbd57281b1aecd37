import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'

/**
 * Drives the studio as its user does: real drops, real clicks, and only what the screen shows. Used by the end to
 * end tests and by `npm run demo`.
 */
export class StudioDriver {
  readonly page: Page
  /** Milliseconds that a stage of training or signing may take. */
  readonly patience: number

  constructor(page: Page, patience = 120_000) {
    this.page = page
    this.patience = patience
  }

  at(id: string): Locator {
    return this.page.getByTestId(id)
  }

  async open(url = './'): Promise<void> {
    await this.page.goto(url)
    await expect(this.at('corpus-summary')).toBeVisible({ timeout: this.patience })
  }

  /** Opens a screen by its navigation link. */
  async go(screen: 'Train' | 'Network' | 'Runs' | 'Strategies' | 'Publish' | 'Wallet'): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: screen }).click()
  }

  /** Drops real files on the page; returns once the drag events have been handled. */
  async drop(...paths: string[]): Promise<void> {
    for (const path of paths) if (!existsSync(path)) throw new Error(`There is no file ${path}.`)
    await this.page.evaluate(() => {
      const input = document.createElement('input')
      input.type = 'file'
      input.multiple = true
      input.id = 'driver-files'
      input.hidden = true
      document.body.append(input)
    })
    await this.page.locator('#driver-files').setInputFiles(paths)
    await this.page.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>('#driver-files')!
      const dataTransfer = new DataTransfer()
      for (const file of input.files ?? []) dataTransfer.items.add(file)
      const page = document.body
      // Files that enter the page bring up the zone that covers it, so a browser drops them on that.
      const zone = document.querySelector('[data-testid="drop-overlay"]') ?? page
      for (const [kind, target] of [
        ['dragenter', page],
        ['dragenter', zone],
        ['dragover', zone],
        ['drop', zone],
      ] as const) {
        target.dispatchEvent(new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true }))
      }
      input.remove()
    })
  }

  /** Chooses a file in a field that opens the browser's own dialog. */
  async choose(id: string, path: string): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser')
    await this.at(id).click()
    await (await chooser).setFiles(path)
  }

  /** Drops files and waits until the Data card names the first of them. */
  async dropData(...paths: string[]): Promise<void> {
    await this.drop(...paths)
    const taken = this.at('corpus-summary').getByText(basename(paths[0] ?? ''))
    const refused = this.at('corpus-error')
    await expect(taken.or(refused).first()).toBeVisible({ timeout: this.patience })
    if (await refused.isVisible()) throw new Error(`The data was refused: ${await refused.innerText()}`)
    await this.counted()
  }

  async chooseConfig(name: 'small' | 'practice' | 'v1'): Promise<void> {
    await this.at('config-select').selectOption(name)
  }

  async fill(id: string, value: number): Promise<void> {
    const field = this.at(id)
    await field.fill(String(value))
    await field.blur()
  }

  /** Starts from the first competitor whose weights can be read. */
  async chooseCompetitor(): Promise<void> {
    const options = this.at('start-select').locator('option[value^="model:"]:not([disabled])')
    await expect(options.first()).toBeAttached({ timeout: this.patience })
    await this.at('start-select').selectOption((await options.first().getAttribute('value')) ?? '')
  }

  /** Waits until no inspection of the corpus is under way or about to start. */
  async counted(): Promise<void> {
    await expect(this.at('corpus-summary')).toHaveAttribute('aria-busy', 'false', { timeout: this.patience })
  }

  /** Opens the page, drops a file and sets up a run of `small`; ready for a click on Train. */
  async prepareSmall(
    path: string,
    recipe: { readonly steps: number; readonly sequence: number },
  ): Promise<void> {
    await this.open()
    await this.chooseConfig('small')
    await this.dropData(path)
    await this.fill('steps-input', recipe.steps)
    await this.fill('sequence-input', recipe.sequence)
    await this.counted()
  }

  async waitForPhase(...phases: string[]): Promise<void> {
    await expect
      .poll(() => this.at('phase').getAttribute('data-phase'), { timeout: this.patience, intervals: [100] })
      .toMatch(new RegExp(`^(${phases.join('|')})$`))
  }

  /** Clicks what starts a strategy's work; until that has ended well and could be started again. */
  async work(id: string): Promise<void> {
    await this.at(id).click()
    await expect(this.at(id)).toBeEnabled({ timeout: this.patience })
    await expect(this.at('strategy-error')).toHaveCount(0)
  }

  /** Imports a recipe from a file and runs it until its training has finished. */
  async runRecipe(recipe: { readonly name: string }): Promise<void> {
    await this.go('Strategies')
    await this.at('tab-recipes').click()
    await this.page.locator('input[type=file][accept*=json]').setInputFiles({
      name: 'mine.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(recipe)),
    })
    await this.page.getByRole('button', { name: `Run ${recipe.name}` }).click()
    await this.waitForPhase('finished')
  }

  /** What the gap analysis shows of each target; `difference` in nats per byte, above 0 where mine is worse. */
  gapRows(): Promise<{ id: string; region: string; difference: number }[]> {
    return this.at('gap-row').evaluateAll((all) =>
      all.map(({ dataset }) => ({
        id: dataset['target'] ?? '',
        region: dataset['region'] ?? '',
        difference: Number.parseFloat(dataset['difference'] ?? ''),
      })),
    )
  }

  /** A number that an element carries beside its rounded text. */
  async value(id: string, name: string): Promise<number> {
    const text = await this.at(id).getAttribute(`data-${name}`)
    return text === null || text === '' ? Number.NaN : Number(text)
  }

  async step(): Promise<number> {
    return this.value('step', 'step')
  }

  /** From the click on Commit to the receipt of the commit; signs the creation and the commit. */
  async commit(onStage: (stage: string) => Promise<void> = async () => {}): Promise<void> {
    await this.at('commit-button').click()
    for (const act of ['create', 'commit']) {
      await this.reviewed(act)
      await onStage(act)
      await this.at('sign-button').click()
    }
    await this.receipt('commit')
  }

  async reveal(): Promise<void> {
    await this.at('reveal-button').first().click()
    await this.reviewed('reveal')
    await this.at('sign-button').click()
    await this.receipt('reveal')
  }

  async reviewed(act: string): Promise<void> {
    await expect(this.at('review')).toHaveAttribute('data-act', act, { timeout: this.patience })
    await expect(this.at('sign-button')).toBeEnabled({ timeout: this.patience })
  }

  async receipt(act: string): Promise<string> {
    await expect(this.at('receipt')).toHaveAttribute('data-act', act, { timeout: this.patience })
    return (await this.at('receipt').getAttribute('data-digest')) ?? ''
  }

  /** On the Wallet screen: from the form to the review of a payment. */
  async review(recipient: string, amount: string): Promise<void> {
    await this.at('send-to').fill(recipient)
    await this.at('send-amount').fill(amount)
    await this.at('send-button').click()
    await expect(this.at('request-sign')).toBeEnabled({ timeout: this.patience })
  }

  /** Waits for the receipt of a payment and closes it. */
  async sent(): Promise<void> {
    await expect(this.at('request-receipt')).toBeVisible({ timeout: this.patience })
    await this.at('request-close').click()
    await expect(this.at('request-receipt')).toHaveCount(0)
  }

  /** A payment by an account that signs without a question. */
  async pay(recipient: string, amount: string): Promise<void> {
    await this.review(recipient, amount)
    await this.at('request-sign').click()
    await this.sent()
  }

  /** Advances the practice network by one epoch; `atACost` agrees to a slash that the page warns of. */
  async advanceEpoch({ atACost = false } = {}): Promise<void> {
    const before = await this.value('network-pill', 'epoch')
    await this.at('advance-epoch').first().click()
    if (atACost) await this.at('advance-epoch-confirm').click()
    await expect(this.at('network-pill')).toHaveAttribute('data-epoch', String(before + 1), {
      timeout: this.patience,
    })
  }
}
