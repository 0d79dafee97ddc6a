import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/** Expects axe to have nothing to say about the page as it stands: open dialogs and menus included, once they have come to rest. */
export async function noFindings(page: Page): Promise<void> {
  await look(page, new AxeBuilder({ page }))
}

/** The same in light and in dark, for a page that follows the system's theme. What doesn't hang on colours is looked at once. */
export async function noFindingsInBothThemes(page: Page): Promise<void> {
  await show(page, 'dark')
  await look(page, new AxeBuilder({ page }).withRules(['color-contrast']))
  await show(page, 'light')
  await noFindings(page)
}

async function show(page: Page, colorScheme: 'dark' | 'light'): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await expect(page.locator('html.dark')).toHaveCount(colorScheme === 'dark' ? 1 : 0)
}

async function look(page: Page, axe: AxeBuilder): Promise<void> {
  await atRest(page)
  const { violations } = await axe.analyze()
  expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`))).toEqual([])
}

// Half faded in, everything has too little contrast. What turns for ever (a spinner) isn't waited for.
async function atRest(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY)
        .map((animation) => animation.finished),
    ),
  )
}
