import { expect, test } from 'vitest'
import { browserFileTimes, slowestFiles } from './report.mjs'

test('lists the slowest files first, and no more than asked for', () => {
  const files = [1.25, 30, 7].map((seconds, n) => ({ file: `${n}.test.ts`, seconds }))
  expect(slowestFiles(files, 2)).toEqual(['   30.0 s  1.test.ts', '    7.0 s  2.test.ts'])
})

test('adds up all tests of a browser file, in groups or not', () => {
  const spec = (duration: number) => ({ tests: [{ results: [{ duration }] }] })
  const suites = [{ file: 'users.spec.ts', specs: [spec(1_000)], suites: [{ specs: [spec(2_000), spec(500)] }] }]
  expect(browserFileTimes(suites)).toEqual([{ file: 'e2e/users.spec.ts', seconds: 3.5 }])
})
