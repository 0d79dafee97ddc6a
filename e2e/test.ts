import { type Browser, test as base } from '@playwright/test'

/**
 * Playwright's `test`, which also closes the browsers that a test opened. Left open, each would go on drawing, listening and, once its server is gone,
 * looking for it, until the last test of the worker.
 */
export const test = base.extend<{ closed: undefined }>({
  closed: [
    async ({ browser }, use) => {
      const before = new Set(browser.contexts())
      await use(undefined)
      for (const context of browser.contexts()) if (!before.has(context)) await context.close()
    },
    { auto: true },
  ],
})

/** Close every browser, those that a file's tests share too. */
export async function closeAll(browser: Browser): Promise<void> {
  for (const context of browser.contexts()) await context.close()
}
