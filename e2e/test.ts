import { type Browser, test as base } from '@playwright/test'

/**
 * Playwright's `test`, which also closes the browsers that a test opened. An open browser keeps drawing and
 * reconnecting until the worker's last test.
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

/** Close every browser, also those that the tests of a file share. */
export async function closeAll(browser: Browser): Promise<void> {
  for (const context of browser.contexts()) await context.close()
}
