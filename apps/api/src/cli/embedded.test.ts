import { execFile } from 'node:child_process'
import { access, chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { readEnv } from '../env.ts'
import { createLog } from '../server/log.ts'
import { startServer } from '../server/server.ts'

const ROSTER = new URL('../roster.ts', import.meta.url).pathname
const folder = await mkdtemp(join(tmpdir(), 'roster-cli-'))
// When root runs the tests, PostgreSQL runs under another account, which must be able to enter the folder.
await chmod(folder, 0o755)
const dataDir = join(folder, 'data')
afterAll(() => rm(folder, { recursive: true }))

const roster = (...argv: string[]) =>
  promisify(execFile)(process.execPath, [ROSTER, ...argv], { env: { PATH: process.env['PATH'], DATA_DIR: dataDir } })
const postgresRuns = () =>
  access(join(dataDir, 'postgres/data/postmaster.pid')).then(
    () => true,
    () => false,
  )

test('commands work on the embedded database before the server starts, while it runs and after it stops', async () => {
  const created = await roster('create-administrator', 'ada', '--organization', 'Acme')
  expect(created.stdout).toContain('Administrator ada created')
  expect(await postgresRuns()).toBe(false)

  const server = await startServer(readEnv({ PORT: '0', DATA_DIR: dataDir }), { log: createLog('silent') })
  try {
    const reset = await roster('reset-password', 'ada')
    expect(reset).toMatchObject({ stdout: expect.stringContaining('New password set for ada'), stderr: '' })
    const answer = await fetch(`${server.address}/trpc/session.signIn`, {
      method: 'POST',
      headers: { origin: server.address, 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'ada', password: /password: (\S+)/u.exec(reset.stdout)?.[1] }),
    })
    expect(await answer.json()).toMatchObject({
      result: { data: { user: { username: 'ada', role: 'administrator' }, passwordChangeRequired: true } },
    })
    expect((await fetch(`${server.address}/readyz`)).status).toBe(200)
  } finally {
    await server.stop()
  }

  await expect(roster('create-administrator', 'ada')).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'The name “ada” is taken.\n',
  })
  expect(await postgresRuns()).toBe(false)
})
