import { appendFileSync } from 'node:fs'

/** A Vitest reporter that records each finished test, so that the stage can tell a slow run from a hanging one. */
export default class VitestProgress {
  onTestCaseResult() {
    const file = process.env['ROSTER_TEST_PROGRESS']
    if (file) appendFileSync(file, '.')
  }
}
