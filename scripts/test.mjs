// `npm test`: all checks and tests, from a fresh clone. A stage runs even if an earlier one failed, unless it needs
// that one. At the end: the slowest files, the time of each stage, and a line that counts the tests, and one for each
// check without tests of its own.
import { browserStage } from './test/browser.mjs'
import { check } from './test/check.mjs'
import { slowestFiles } from './test/report.mjs'
import { testStage } from './test/tests.mjs'

/** @typedef {{ passed: number, failed: number, files?: import('./test/report.mjs').FileTime[] }} Count */

const node = './node_modules/.bin/node'
// Biome uses colours in any CI by default.
const biome = [
  'node_modules/@biomejs/biome/bin/biome',
  'ci',
  '--error-on-warnings',
  '--max-diagnostics=200',
  ...(process.stdout.isTTY ? [] : ['--colors=off']),
]
const turbo = [
  'node_modules/turbo/bin/turbo',
  'run',
  'typecheck',
  'typecheck:root',
  'lint:types',
  'lint:imports',
  '--continue',
  '--concurrency=3',
  '--ui=stream',
  '--output-logs=errors-only',
]

/** @type {{ title: string, needs?: string[], run: () => Promise<Count> }[]} */
const STAGES = [
  { title: 'Install and generate', run: () => check(process.execPath, ['scripts/prepare.mjs', '--no-build']) },
  { title: 'Format and lint', needs: ['Install and generate'], run: () => check(node, biome) },
  // Before the types, since the build writes the declarations of the console's components and routes.
  { title: 'Build the console', needs: ['Install and generate'], run: () => check(node, ['scripts/prepare.mjs']) },
  { title: 'Types, and lint with types', needs: ['Install and generate'], run: () => check(node, turbo) },
  { title: 'Unit and API tests', needs: ['Install and generate'], run: testStage },
  { title: 'Browser tests', needs: ['Build the console'], run: browserStage },
]

/** @type {Count} */
const total = { passed: 0, failed: 0 }
/** @type {string[]} */
const lines = []
/** @type {Set<string>} */
const failedStages = new Set()
/** @type {import('./test/report.mjs').FileTime[]} */
const times = []

for (const { title, needs = [], run } of STAGES) {
  const missing = needs.find((name) => failedStages.has(name))
  process.stdout.write(`\n── ${title} ──\n`)
  const started = Date.now()
  if (missing) process.stdout.write(`Skipped, which counts as failed: “${missing}” failed.\n`)
  const { passed, failed, files = [] } = missing ? { passed: 0, failed: 1 } : await run()
  times.push(...files)
  total.passed += passed
  total.failed += failed
  if (failed > 0) failedStages.add(title)
  lines.push(
    `${failed > 0 ? '✗' : '✓'} ${title}: ${passed} passed, ${failed} failed, ${((Date.now() - started) / 1000).toFixed(1)} s`,
  )
  process.stdout.write(`${lines.at(-1)}\n`)
}

process.exitCode = total.failed > 0 ? 1 : 0
if (times.length > 0) process.stdout.write(`\nThe slowest test files:\n${slowestFiles(times).join('\n')}\n`)
process.stdout.write(`\n${lines.join('\n')}\n${total.passed} passed, ${total.failed} failed\n`)
