import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Arguments of every test browser: no sandbox (root in a container has none) and no background requests. */
export const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

/**
 * The path of a Chromium or Chrome: ROSTER_CHROMIUM, one on the PATH or in /usr/bin, else Playwright's own. Undefined
 * if none exists.
 */
export function findBrowser(): string | undefined {
  const named = process.env['ROSTER_CHROMIUM']
  if (named) return named
  const folders = ['/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter)]
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))
  return [
    ...candidates,
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    chromium.executablePath(),
  ].find(isProgram)
}

/** Finds a browser, or installs one if that needs no password. @throws {Error} with instructions otherwise */
export function ensureBrowser(): string {
  const found = findBrowser()
  if (found) return found
  if (
    process.getuid?.() === 0 &&
    runs('apt-get', ['update']) &&
    runs('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'])
  ) {
    const installed = findBrowser()
    if (installed) return installed
  }
  if (runs(process.execPath, [join(import.meta.dirname, '../node_modules/playwright/cli.js'), 'install', 'chromium'])) {
    const installed = findBrowser()
    if (installed) return installed
  }
  throw new Error(
    'There is no browser for the browser tests, and none could be installed. Install Chromium or Chrome (Debian, Ubuntu: `sudo apt-get install chromium`; ' +
      'elsewhere: `npx playwright install chromium`), or set ROSTER_CHROMIUM to the path of one, and run the tests again.',
  )
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function runs(program: string, args: string[]): boolean {
  console.error(`${program} ${args.join(' ')}`)
  return (
    spawnSync(program, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  )
}

if (import.meta.main) {
  try {
    console.log(ensureBrowser())
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
