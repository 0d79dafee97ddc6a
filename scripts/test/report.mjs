import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Runs tests that write a JSON report, and reads it.
 *
 * @param {(file: string, progress: string) => Promise<number>} runTests gets the report's path and that of the file that grows with every
 *   finished test; resolves to the exit code
 * @returns {Promise<{ code: number, report: any }>} `report` is undefined when none was written
 */
export async function withReport(runTests) {
  const folder = mkdtempSync(join(tmpdir(), 'roster-test-'))
  const file = join(folder, 'report.json')
  try {
    const code = await runTests(file, join(folder, 'progress'))
    return { code, report: read(file) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {string} file */
function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/**
 * Settles a count: a run that failed without a failing test, found no test, or left one out has failed all the same, and says so.
 *
 * @param {{ code: number, passed: number, failed: number, skipped: readonly string[], complaints?: readonly string[] }} outcome
 * @returns {import('../test.mjs').Count}
 */
export function settle({ code, passed, failed, skipped, complaints = [] }) {
  const problems = [...complaints, ...skipped.map((name) => `Left out, which counts as failed: ${name}`)]
  if (passed + failed + skipped.length === 0) problems.push('No test was found.')
  else if (code !== 0 && failed === 0) problems.push('The run failed although no test did; see above.')
  for (const problem of problems) process.stdout.write(`${problem}\n`)
  return { passed, failed: failed + problems.length }
}
