import { type Browser, chromium } from '@playwright/test'
import { BROWSER_ARGS, ensureBrowser } from '@roster/e2e/browser'
import type { Bench } from './bench.ts'
import type { Page } from './names.ts'
import { median } from './quantile.ts'
import { KILOBYTES, limitRow, type Row, versionRow } from './report.ts'
import { summarize } from './turns.ts'

/** How long a page is watched once it is visible, since it loads more when idle. Milliseconds. */
const IDLE = 2_000
/** Every run weighs the same, so a page may be hardly heavier than the baseline's. */
const RATIO = 1.01

/**
 * Bytes that a browser with an empty cache loads to show a page: the bodies of all files and answers, as transferred.
 * They are the same in each turn, so there is only one.
 */
export async function pageWeight(bench: Bench): Promise<Row[]> {
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: BROWSER_ARGS })
  try {
    return [
      ...(await pageRows(browser, bench, 'sign-in page', '/sign-in', 'form', 150_000)),
      ...(await pageRows(browser, bench, 'users page', '/settings/users', 'table tbody tr', 300_000)),
    ]
  } finally {
    await browser.close()
  }
}

async function pageRows(
  browser: Browser,
  bench: Bench,
  what: string,
  path: Page,
  visible: string,
  bound: number,
): Promise<Row[]> {
  const weights = { a: [] as number[], b: [] as number[] }
  let kinds = ''
  for (const [side, version] of [
    ['a', bench.now],
    ['b', bench.baseline],
  ] as const) {
    if (!version) continue
    const { roster } = version
    const cookie = path === '/sign-in' ? undefined : roster.headers['cookie']
    const byKind = await weigh(browser, roster.page(path), visible, cookie)
    if (version === bench.now)
      kinds = [...byKind].map(([kind, bytes]) => `${kind} ${KILOBYTES.format(bytes)}`).join(', ')
    weights[side].push([...byKind.values()].reduce((sum, bytes) => sum + bytes, 0))
  }
  const total = summarize(weights, median)
  return [
    versionRow(`${what}, total, compressed`, total, KILOBYTES, RATIO),
    limitRow(`${what}, total, compressed`, kinds, total.a, KILOBYTES, bound),
  ]
}

/** Bytes by kind of file; `answers` are the API's. */
async function weigh(browser: Browser, url: string, visible: string, cookie?: string): Promise<Map<string, number>> {
  const context = await browser.newContext({ locale: 'en-GB' })
  try {
    if (cookie !== undefined) {
      const [name = '', value = ''] = cookie.split('=', 2)
      await context.addCookies([{ name, value, url: new URL(url).origin }])
    }
    const page = await context.newPage()
    const weights = new Map<string, number>()
    const failures: string[] = []
    page.on('requestfailed', (request) => failures.push(request.url()))
    const weighing: Promise<void>[] = []
    page.on('requestfinished', (request) => {
      const answer = new URL(request.url()).pathname.startsWith('/trpc')
      const kind = answer ? 'answers' : request.resourceType()
      weighing.push(
        request
          .sizes()
          .then(({ responseBodySize }) => void weights.set(kind, (weights.get(kind) ?? 0) + responseBodySize)),
      )
    })
    await page.goto(url)
    await page.locator(visible).first().waitFor()
    await page.waitForTimeout(IDLE)
    await Promise.all(weighing)
    if (failures.length > 0) throw new Error(`requests failed: ${failures.join(', ')}`)
    return weights
  } finally {
    await context.close()
  }
}
