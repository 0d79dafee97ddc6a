import { defineConfig } from '@playwright/test'
import { BROWSER_ARGS, findBrowser } from './browser.ts'

const executablePath = findBrowser()

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  fullyParallel: false,
  // Each file has a server and a database of its own. With two, one's waits are the other's work, also on two cores.
  workers: 2,
  retries: 0,
  // A test that was left alone by mistake would let all others pass unseen.
  forbidOnly: process.env['CI'] !== undefined,
  // A ceiling for machines that have other things to do; a test takes a few seconds.
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
    // No trace: it films every page there is. `--trace=on` where one is wanted.
    // What fades and pulses is drawn by the processor here.
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
  },
})
