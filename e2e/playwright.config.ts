import { defineConfig } from '@playwright/test'
import { BROWSER_ARGS, findBrowser } from './browser.ts'

const executablePath = findBrowser()

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  globalSetup: './globalSetup.ts',
  fullyParallel: false,
  // Each file has its own server and database; a worker's servers are in one process. With two workers, one works while the other waits, even on two cores.
  workers: 2,
  retries: 0,
  // A forgotten `test.only` would skip all other tests.
  forbidOnly: process.env['CI'] !== undefined,
  // A test takes a few seconds. The limit allows for busy machines.
  timeout: 150_000,
  expect: { timeout: 15_000 },
  reporter: process.env['ROSTER_E2E_JSON']
    ? [['line'], ['json', { outputFile: process.env['ROSTER_E2E_JSON'] }], ['../scripts/test/playwrightProgress.mjs']]
    : [['list']],
  use: {
    browserName: 'chromium',
    headless: true,
    launchOptions: { args: BROWSER_ARGS, ...(executablePath ? { executablePath } : {}) },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    // No trace: it records every page. Use `--trace=on` for one run.
    // The processor draws animations here, so they are reduced.
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
  },
})
