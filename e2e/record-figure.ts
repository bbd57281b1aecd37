import type { TestInfo } from '@playwright/test'

/** Notes a figure that the page showed in the test's report, so that margins can be held against what is usual. */
export const recordFigures =
  ({ annotations }: Pick<TestInfo, 'annotations'>) =>
  (what: string, figure: number): void =>
    void annotations.push({ type: what, description: figure.toFixed(3) })
