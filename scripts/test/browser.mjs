import { spawnSync } from 'node:child_process'
import { root } from '../prepare/run.mjs'
import { runStage } from './check.mjs'
import { browserFileTimes, countOutcome, withReport } from './report.mjs'

const node = './node_modules/.bin/node'

/** Runs Playwright against the real server, in a browser that is found or installed. */
export async function browserStage() {
  const browser = spawnSync(node, ['e2e/browser.ts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // e2e/browser.ts has printed what to do.
  if (browser.status !== 0) return { passed: 0, failed: 1 }
  const path = browser.stdout.trim()
  process.stdout.write(`Browser: ${path}\n`)
  const { code, report } = await withReport((file, progress) =>
    runStage(node, ['node_modules/@playwright/test/cli.js', 'test', '--config', 'e2e/playwright.config.ts'], {
      env: { ROSTER_CHROMIUM: path, ROSTER_E2E_JSON: file },
      progress,
    }),
  )
  /** @type {{ expected: number, unexpected: number, flaky: number, skipped: number }} */
  const { expected, unexpected, flaky, skipped } = report?.stats ?? { expected: 0, unexpected: 0, flaky: 0, skipped: 0 }
  const outcome = countOutcome({
    code,
    passed: expected,
    failed: unexpected + flaky,
    skipped: Array.from({ length: skipped }, (_, index) => `browser test ${index + 1} of ${skipped}`),
  })
  return { ...outcome, files: browserFileTimes(report?.suites ?? []) }
}
