import { expect, type Page } from '@playwright/test'
import axe from 'axe-core'

/** Expects axe to have nothing to say about the page as it stands: open dialogs and menus included, once they have come to rest. */
export async function noFindings(page: Page): Promise<void> {
  await look(page)
}

/** The same in light and in dark, for a page that follows the system's theme. What doesn't hang on colours is looked at once. */
export async function noFindingsInBothThemes(page: Page): Promise<void> {
  await show(page, 'dark')
  await look(page, ['color-contrast'])
  await show(page, 'light')
  await noFindings(page)
}

async function show(page: Page, colorScheme: 'dark' | 'light'): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await expect(page.locator('html.dark')).toHaveCount(colorScheme === 'dark' ? 1 : 0)
}

// By axe itself: our pages have no frames, and the wrapper for Playwright opens a further page for each look.
async function look(page: Page, rules?: string[]): Promise<void> {
  await atRest(page)
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
  const findings = await page.evaluate(async (only) => {
    const { violations } = await axe.run(document, { resultTypes: ['violations'], ...(only ? { runOnly: only } : {}) })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`))
  }, rules)
  expect(findings).toEqual([])
}

// Half faded in, everything has too little contrast. What turns for ever (a spinner) isn't waited for.
async function atRest(page: Page): Promise<void> {
  await expect(page.locator('h1').first()).toBeAttached()
  await page.evaluate(async () => {
    const moving = () => document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY)
    // What is inherited moves from element to element, and what comes next starts with a further frame: it is still when nothing moved for three.
    for (let still = 0; still < 3; still++) {
      await new Promise(requestAnimationFrame)
      const now = moving()
      if (now.length > 0) still = -1
      await Promise.allSettled(now.map((animation) => animation.finished))
    }
  })
}
