import { appendFileSync } from 'node:fs'

/** A Playwright reporter that notes each finished test, so that the stage can tell a slow run from one that hangs. */
export default class PlaywrightProgress {
  onTestEnd() {
    const file = process.env['ROSTER_TEST_PROGRESS']
    if (file) appendFileSync(file, '.')
  }

  /** Says that another reporter prints. */
  printsToStdio() {
    return false
  }
}
