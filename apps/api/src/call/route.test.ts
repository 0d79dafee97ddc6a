import { decideRole, ROLES, ROUTE_ACTION } from '@roster/domain'
import { expect, test } from 'vitest'
import { testInstance } from '../testing/instance.ts'
import { read } from '../testing/send.ts'

const { app, make, db } = await testInstance()
const acme = await make.organization('Acme')
/** What answers without a session: probes, the console's files; and the procedures, which are gone through one by one elsewhere. */
const OPEN = ['/healthz', '/readyz', '/metrics', '*', '/trpc/:path', '/trpc/import.preview', '/trpc/import.create']
const paths = [...app.printRoutes({ commonPrefix: false }).matchAll(/── (\S+) \(/gu)].map(([, path = '']) => path)
const guarded = paths.filter((path) => !OPEN.includes(path))
const open = (url: string, cookie?: string) => app.inject({ url, headers: { host: 'localhost', ...(cookie === undefined ? {} : { cookie }) } })

test('every address beside the procedures asks a row of the policy, or stands in the short list of open ones', () => {
  expect(guarded).toHaveLength(Object.keys(ROUTE_ACTION).length)
})

test.each(guarded)('%s answers strangers, and whoever’s session is over, as procedures do', async (path) => {
  expect(read(await open(path))).toMatchObject({ status: 401, refusal: { code: 'NOT_SIGNED_IN' } })
  const ended = await make.session(await make.user({ organizationId: acme.id, role: 'administrator' }))
  await db.pool.query(`UPDATE "session" SET "endedAt" = now(), "endReason" = 'signed-out' WHERE "id" = $1`, [ended.id])
  expect(read(await open(`${path}?input={`, ended.cookie))).toMatchObject({ status: 401, refusal: { code: 'SESSION_ENDED' } })
})

test.each(ROLES)('an address gives whoever is %s exactly the policy’s answer', async (role) => {
  const { cookie } = await make.session(await make.user({ organizationId: acme.id, role }))
  const answers = await Promise.all(guarded.map(async (path) => (await open(path, cookie)).statusCode))
  expect(answers.sort()).toEqual(
    Object.values(ROUTE_ACTION)
      .map((action) => (decideRole(role, action).allowed ? 200 : 403))
      .sort(),
  )
})
