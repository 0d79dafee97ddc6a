import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { copyPrograms, findPackage } from './binaries.ts'

const folder = await mkdtemp(join(tmpdir(), 'roster-binaries-'))
afterAll(() => rm(folder, { recursive: true }))

test('a copy of the programs runs, and has no link to the package', async () => {
  const { native } = await findPackage()
  const copy = join(folder, 'copy')
  await copyPrograms(native, copy)
  const { stdout } = await promisify(execFile)(join(copy, 'bin', 'postgres'), ['--version'])
  expect(stdout).toMatch(/^postgres \(PostgreSQL\) \d+/)

  const expected = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as unknown[]
  const entries = await readdir(join(copy, 'lib'), { withFileTypes: true })
  const links = await Promise.all(
    entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => readlink(join(copy, 'lib', name))),
  )
  expect(links).toHaveLength(expected.length)
  expect(links.filter((target) => target.includes('/'))).toEqual([])
  expect(await readdir(folder)).toEqual(['copy'])
})
