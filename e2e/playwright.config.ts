import { defineConfig } from '@playwright/test'
import { BROWSER_ARGS, findBrowser } from './browser.ts'

const executablePath = findBrowser()

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  // A test that was left alone by mistake would let all others pass unseen.
  forbidOnly: process.env['CI'] !== undefined,
  // A ceiling for machines that have other things to do; a test takes a few seconds.
  timeout: 150_000,
  expect: { timeout: 15_000 },
  reporter: process.env['ROSTER_E2E_JSON'] ? [['line'], ['json', { outputFile: process.env['ROSTER_E2E_JSON'] }]] : [['list']],
  use: {
    browserName: 'chromium',
    headless: true,
    launchOptions: { args: BROWSER_ARGS, ...(executablePath ? { executablePath } : {}) },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
})
