import { randomUUIDv7 } from 'node:crypto'
import { Session } from 'node:inspector/promises'
import { join } from 'node:path'
import { readEnv } from '@roster/api/env'
import { createLog } from '@roster/api/log'
import { startServer } from '@roster/api/server'
import { sessionCookieName } from '@roster/api/session'
import { nameKeys, userNameKeys } from '@roster/db'
import { COUNT, limitRow, type Row } from './report.ts'
import { createSession } from './seed.ts'

/** The most files of the product that one change may run through. */
const LIMIT = 45

/**
 * How many of the product's files one change runs through, from the request to the closed or refreshed stream: those
 * with a function that V8 saw executed. A first call has warmed up what is loaded once.
 */
export async function executedFiles(folder: string): Promise<Row[]> {
  const env = readEnv({ PORT: '0', DATA_DIR: join(folder, 'executed'), LOG_LEVEL: 'warn' })
  const { address, services, stop } = await startServer(env, { log: createLog('warn') })
  const inspector = new Session()
  inspector.connect()
  try {
    await inspector.post('Profiler.enable')
    await inspector.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
    const during = async (work: () => Promise<unknown>): Promise<number> => {
      await inspector.post('Profiler.takePreciseCoverage')
      await work()
      const { result } = await inspector.post('Profiler.takePreciseCoverage')
      return result.filter(({ url, functions }) => isProduct(url) && functions.some(wasCalled)).length
    }
    const users = await seedUsers(services.db.pool)
    const call = caller(
      address,
      sessionCookieName(services),
      await createSession(services.db.pool, users.organizationId, users.administrator),
    )
    const suspend = async (userId: string) => {
      const stream = await call.openStream(await createSession(services.db.pool, users.organizationId, userId))
      return { userId, stream }
    }
    const suspended = async ({ userId, stream }: Awaited<ReturnType<typeof suspend>>) => {
      await call.mutate('user.suspend', { userId })
      await stream.text()
    }
    const addMember = (userId: string) =>
      call.mutate('member.update', { workspaceId: users.workspace, add: [userId], remove: [] })
    const [first, second, third, fourth] = users.others as [string, string, string, string]
    await suspended(await suspend(first))
    await addMember(third)
    const open = await suspend(second)
    const rows: [string, number][] = [
      ['user.suspend, to the closed stream', await during(() => suspended(open))],
      ['member.update', await during(() => addMember(fourth))],
    ]
    return rows.map(([what, files]) => limitRow(`files that run for ${what}`, 'V8 coverage', files, COUNT, LIMIT))
  } finally {
    inspector.disconnect()
    await stop()
  }
}

function isProduct(url: string): boolean {
  return /\/(?:packages|apps)\/\w+\/src\/(?!generated\/)/u.test(url)
}

function wasCalled({ ranges }: { ranges: { count: number }[] }): boolean {
  return ranges.some(({ count }) => count > 0)
}

type Pool = Awaited<ReturnType<typeof startServer>>['services']['db']['pool']

/** One organization with an administrator, four other users and a workspace. */
async function seedUsers(pool: Pool) {
  const [organizationId, workspace] = [randomUUIDv7(), randomUUIDv7()]
  const [administrator = '', ...others] = Array.from({ length: 5 }, () => randomUUIDv7())
  const keys = nameKeys('Bench')
  await pool.query(
    `INSERT INTO "organization" ("id", "name", "nameKey", "caselessName") VALUES ($1, 'Bench', $2, $3)`,
    [organizationId, keys.nameKey, keys.caselessName],
  )
  await pool.query(
    `INSERT INTO "workspace" ("id", "organizationId", "name", "nameKey", "caselessName") VALUES ($1, $2, 'Bench', $3, $4)`,
    [workspace, organizationId, keys.nameKey, keys.caselessName],
  )
  for (const [place, id] of [administrator, ...others].entries()) {
    const { displayNameKey, searchKey } = userNameKeys(`user${place}`, null)
    await pool.query(
      `INSERT INTO "user" ("id", "organizationId", "username", "displayNameKey", "searchKey", "role", "passwordHash")
       VALUES ($1, $2, $3, $4, $5, $6::"role", 'opens nothing')`,
      [id, organizationId, `user${place}`, displayNameKey, searchKey, place === 0 ? 'administrator' : 'default'],
    )
  }
  return { organizationId, workspace, administrator, others }
}

/** Calls of an administrator's session, and streams of other sessions. */
function caller(address: string, cookieName: string, token: string) {
  const headers = (of: string) => ({
    cookie: `${cookieName}=${of}`,
    origin: address,
    'content-type': 'application/json',
  })
  return {
    async mutate(procedure: string, input: object): Promise<void> {
      const init = { method: 'POST', headers: headers(token), body: JSON.stringify(input) }
      const response = await fetch(`${address}/trpc/${procedure}`, init)
      if (!response.ok) throw new Error(`${procedure} answered ${response.status}: ${await response.text()}`)
    },
    async openStream(of: string): Promise<Response> {
      const stream = await fetch(`${address}/trpc/changes.subscribe`, {
        headers: { ...headers(of), accept: 'text/event-stream' },
      })
      if (!stream.ok) throw new Error(`the stream answered ${stream.status}`)
      return stream
    },
  }
}
