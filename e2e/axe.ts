import { expect, type Page } from '@playwright/test'
import axe from 'axe-core'

/** Expect no axe findings on the page, with its open dialogs and menus, once animations have finished. */
export async function noFindings(page: Page): Promise<void> {
  await run(page)
}

/** Expect no axe findings in light and dark. Rules that don't depend on colors run once. */
export async function noFindingsInBothThemes(page: Page): Promise<void> {
  await setColorScheme(page, 'dark')
  await run(page, ['color-contrast'])
  await setColorScheme(page, 'light')
  await noFindings(page)
}

async function setColorScheme(page: Page, colorScheme: 'dark' | 'light'): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await expect(page.locator('html.dark')).toHaveCount(colorScheme === 'dark' ? 1 : 0)
}

// Runs axe directly: the pages have no frames, and the wrapper for Playwright opens another page for each run.
async function run(page: Page, rules?: string[]): Promise<void> {
  await waitForAnimations(page)
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
  const findings = await page.evaluate(async (only) => {
    const { violations } = await axe.run(document, { resultTypes: ['violations'], ...(only ? { runOnly: only } : {}) })
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
    )
  }, rules)
  expect(findings).toEqual([])
}

// Half faded in, text has too little contrast. Endless animations, such as spinners, don't count.
async function waitForAnimations(page: Page): Promise<void> {
  await expect(page.locator('h1').first()).toBeAttached()
  await page.evaluate(async () => {
    const running = () =>
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY)
    // An animation may start another one in the next frame, so three frames without any count as the end.
    for (let still = 0; still < 3; still++) {
      await new Promise(requestAnimationFrame)
      const now = running()
      if (now.length > 0) still = -1
      await Promise.allSettled(now.map((animation) => animation.finished))
    }
  })
}
