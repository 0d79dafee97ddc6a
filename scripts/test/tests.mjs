import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { relative, sep } from 'node:path'
import { root } from '../prepare/run.mjs'
import { runStage } from './check.mjs'
import { countOutcome, withReport } from './report.mjs'

// At least two, since tests mostly wait for servers to start and stop. At most four, since all share one PostgreSQL.
const workers = Math.min(4, Math.max(2, availableParallelism()))
const vitest = [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--allowOnly=false',
  '--reporter=default',
  '--reporter=json',
  '--reporter=./scripts/test/vitestProgress.mjs',
]

/** Runs Vitest over all workspaces. A workspace with sources but without tests fails. */
export async function testStage() {
  const { code, report } = await withReport((file, progress) =>
    runStage('./node_modules/.bin/node', [...vitest, `--outputFile.json=${file}`], {
      env: { VITEST_MAX_WORKERS: String(workers) },
      progress,
    }),
  )
  /** @type {{ name: string, status: string, startTime: number, endTime: number, assertionResults: { status: string, fullName: string }[] }[]} */
  const files = report?.testResults ?? []
  const tests = files.flatMap((file) => file.assertionResults)
  const broken = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  )
  const tested = new Set(files.map((file) => relative(root, file.name).split(sep).slice(0, 2).join('/')))
  const outcome = countOutcome({
    code,
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: tests.filter((test) => test.status === 'failed').length + broken.length,
    skipped: tests.filter((test) => test.status !== 'passed' && test.status !== 'failed').map((test) => test.fullName),
    problems: workspaces()
      .filter((workspace) => !tested.has(workspace))
      .map((workspace) => `No test was found in ${workspace}.`),
  })
  return {
    ...outcome,
    files: files.map(({ name, startTime, endTime }) => ({
      file: relative(root, name),
      seconds: (endTime - startTime) / 1000,
    })),
  }
}

function workspaces() {
  return ['packages', 'apps']
    .flatMap((folder) => readdirSync(root + folder).map((name) => `${folder}/${name}`))
    .filter((path) => existsSync(`${root}${path}/src`))
}
