import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, chromium, type Page } from '@playwright/test'
import { BROWSER_ARGS, ensureBrowser } from './browser.ts'

// `npm run screenshots` takes the README's pictures from the demo, into docs/images.

const OUT = join(import.meta.dirname, '../docs/images')

interface Demo {
  address: string
  passwords: Map<string, string>
  stop(): Promise<void>
}

async function startDemo(): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'roster-shots-'))
  // As root, PostgreSQL runs under another account, which can't open a folder of mkdtemp.
  await chmod(folder, 0o755)
  const program = spawn(process.execPath, [join(import.meta.dirname, '../apps/api/dist/demo.js')], {
    env: { PATH: process.env['PATH'], DATA_DIR: join(folder, 'data'), PORT: '0', LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const passwords = new Map<string, string>()
  let address = ''
  for await (const line of createInterface({ input: program.stdout })) {
    address = /runs at (http:\S+)/u.exec(line)?.[1] ?? address
    const account = /^\s+(?:Administrator|Manager|Default User)\s+(\S+)\s+(\S+)$/u.exec(line)
    if (account?.[1] && account[2]) passwords.set(account[1], account[2])
    if (passwords.size === 3) break
  }
  return {
    address,
    passwords,
    async stop() {
      const ended = once(program, 'exit')
      program.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function signedIn(browser: Browser, demo: Demo, username: string, colorScheme: 'light' | 'dark'): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  })
  const page = await context.newPage()
  await page.goto(`${demo.address}/sign-in`)
  await page.getByLabel('Username').fill(username)
  await page.getByLabel('Password', { exact: true }).fill(demo.passwords.get(username) ?? '')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  return page
}

const demo = await startDemo()
const browser = await chromium.launch({ executablePath: ensureBrowser(), args: BROWSER_ARGS })
try {
  await mkdir(OUT, { recursive: true })
  const take = async (page: Page, name: string): Promise<void> => {
    await page.waitForTimeout(1500)
    await page.screenshot({ path: join(OUT, `${name}.png`) })
  }
  const manager = await signedIn(browser, demo, 'amara.okafor', 'light')
  await manager.goto(`${demo.address}/settings/users`)
  await take(manager, 'users')
  await manager.goto(`${demo.address}/settings/users?q=john.doe`)
  await manager.getByRole('link', { name: 'John Doe' }).click()
  await take(manager, 'user')
  const dark = await signedIn(browser, demo, 'amara.okafor', 'dark')
  await dark.goto(`${demo.address}/workspaces`)
  await dark.getByRole('link', { name: 'Customer Support' }).click()
  await dark.getByRole('button', { name: 'Manage Users' }).click()
  await take(dark, 'manage-users')
  const member = await signedIn(browser, demo, 'john.doe', 'light')
  await take(member, 'home')
} finally {
  await browser.close()
  await demo.stop()
}
