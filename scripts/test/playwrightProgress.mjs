import { appendFileSync } from 'node:fs'

/** A Playwright reporter that records each finished test, so that the stage can tell a slow run from a hanging one. */
export default class PlaywrightProgress {
  onTestEnd() {
    const file = process.env['ROSTER_TEST_PROGRESS']
    if (file) appendFileSync(file, '.')
  }

  /** Another reporter prints to the terminal. */
  printsToStdio() {
    return false
  }
}
