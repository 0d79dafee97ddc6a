import { type Browser, chromium } from '@playwright/test'
import { BROWSER_ARGS, ensureBrowser } from '@roster/e2e/browser'
import type { Bench } from './bench.ts'
import type { Row } from './report.ts'

/** How long a page is watched once it is visible, since it loads more when idle. Milliseconds. */
const IDLE = 2_000

/**
 * Bytes that a browser with an empty cache loads to show a page: the bodies of all files and answers, as transferred.
 */
export async function pageWeight({ roster }: Bench): Promise<Row[]> {
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: BROWSER_ARGS })
  try {
    const signIn = await weigh(browser, `${roster.address}/sign-in`, 'form')
    const users = await weigh(browser, `${roster.address}/settings/users`, 'table tbody tr', roster.headers['cookie'])
    return [row('sign-in page', signIn, 150_000), row('users page', users, 300_000)]
  } finally {
    await browser.close()
  }
}

function row(what: string, weights: Map<string, number>, bound: number): Row {
  const total = [...weights.values()].reduce((sum, bytes) => sum + bytes, 0)
  const kB = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`
  return {
    what: `${what}, total, compressed`,
    measured: kB(total),
    against: [...weights].map(([kind, bytes]) => `${kind} ${kB(bytes)}`).join(', '),
    bound: `under ${kB(bound)}`,
    met: total < bound,
  }
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
