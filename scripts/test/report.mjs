import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Runs tests that write a JSON report, and reads it.
 *
 * @param {(file: string, progress: string) => Promise<number>} runTests gets the path of the report and of the file
 * that grows with every
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
 * Counts the outcome. A run that failed without a failing test, found no test, or skipped one counts as failed; prints
 * why.
 *
 * @param {{ code: number, passed: number, failed: number, skipped: readonly string[], problems?: readonly string[] }}
 * outcome
 * @returns {{ passed: number, failed: number }}
 */
export function countOutcome({ code, passed, failed, skipped, problems: given = [] }) {
  const problems = [...given, ...skipped.map((name) => `Skipped, which counts as failed: ${name}`)]
  if (passed + failed + skipped.length === 0) problems.push('No test was found.')
  else if (code !== 0 && failed === 0) problems.push('The run failed, but no test did. See above.')
  for (const problem of problems) process.stdout.write(`${problem}\n`)
  return { passed, failed: failed + problems.length }
}

/** @typedef {{ file: string, seconds: number }} FileTime */
/** @typedef {{ file?: string, specs?: { tests: { results: { duration: number }[] }[] }[], suites?: Suite[] }} Suite */

/**
 * The slowest test files, slowest first, one a line.
 *
 * @param {readonly FileTime[]} files
 * @returns {string[]}
 */
export function slowestFiles(files, count = 10) {
  return files
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, count)
    .map(({ file, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${file}`)
}

/**
 * The time of each file in Playwright's report: all tests of the file, however they are grouped.
 *
 * @param {readonly Suite[]} suites one for each file
 * @returns {FileTime[]}
 */
export function browserFileTimes(suites) {
  return suites.map((suite) => ({ file: `e2e/${suite.file ?? ''}`, seconds: suiteMilliseconds(suite) / 1000 }))
}

/**
 * @param {Suite} suite
 * @returns {number}
 */
function suiteMilliseconds({ specs = [], suites = [] }) {
  const results = specs.flatMap(({ tests }) => tests.flatMap((test) => test.results))
  return (
    results.reduce((sum, { duration }) => sum + duration, 0) +
    suites.reduce((sum, nested) => sum + suiteMilliseconds(nested), 0)
  )
}
