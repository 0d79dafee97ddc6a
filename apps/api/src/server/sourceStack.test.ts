import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import { afterAll, expect, test } from 'vitest'
import { sourceStack } from './sourceStack.ts'

const folder = await mkdtemp(join(tmpdir(), 'roster-stack-'))
afterAll(() => rm(folder, { recursive: true }))

test('a stack of a built file names the lines of its source', async () => {
  const source = join(folder, 'source.ts')
  await writeFile(source, "interface Unused {}\n\nexport function fail(): never {\n  throw new Error('failed')\n}\n")
  const bundle = await rolldown({ cwd: folder, input: source })
  await bundle.write({ file: join(folder, 'built.js'), sourcemap: true, minify: true })

  const built = pathToFileURL(join(folder, 'built.js')).href
  const stack = `Error: failed\n    at fail (${built}:1:25)\n    at node:internal/process:1:2`
  expect(sourceStack(stack)).toMatch(
    new RegExp(
      `^Error: failed\\n {4}at fail \\(${pathToFileURL(source).href}:[345]:\\d+\\)\\n {4}at node:internal`,
      'u',
    ),
  )
})

test('a frame without a source map stays as it is', () => {
  const stack = `Error: failed\n    at fail (file://${folder}/missing.js:1:2)`
  expect(sourceStack(stack)).toBe(stack)
})
