import { decideRole, ROLES, ROUTES } from '@roster/domain'
import { expect, test } from 'vitest'
import { testInstance } from '../../test/support/instance.ts'
import { read } from '../../test/support/send.ts'

const { app, make, db } = await testInstance()
const acme = await make.organization('Acme')
/** Routes without a session: probes, the console's files, and the procedures, which other tests cover. */
const PUBLIC_ROUTES = [
  '/healthz',
  '/readyz',
  '/metrics',
  '*',
  '/trpc/:path',
  '/trpc/import.preview',
  '/trpc/import.create',
]
const paths = [...app.printRoutes({ commonPrefix: false }).matchAll(/── (\S+) \(/gu)].map(([, path = '']) => path)
const guarded = paths.filter((path) => !PUBLIC_ROUTES.includes(path))
const get = (url: string, cookie?: string) =>
  app.inject({ url, headers: { host: 'localhost', ...(cookie === undefined ? {} : { cookie }) } })

test('every route has a policy action or is listed as public', () => {
  expect(guarded).toHaveLength(Object.keys(ROUTES).length)
})

test.each(guarded)('%s refuses missing and ended sessions as procedures do', async (path) => {
  expect(read(await get(path))).toMatchObject({ status: 401, refusal: { code: 'NOT_SIGNED_IN' } })
  const ended = await make.session(await make.user({ organizationId: acme.id, role: 'administrator' }))
  await db.pool.query(`UPDATE "session" SET "endedAt" = now(), "endReason" = 'signed-out' WHERE "id" = $1`, [ended.id])
  expect(read(await get(`${path}?input={`, ended.cookie))).toMatchObject({
    status: 401,
    refusal: { code: 'SESSION_ENDED' },
  })
})

test.each(ROLES)('routes answer a %s exactly as the policy decides', async (role) => {
  const { cookie } = await make.session(await make.user({ organizationId: acme.id, role }))
  const answers = await Promise.all(guarded.map(async (path) => (await get(path, cookie)).statusCode))
  expect(answers.sort()).toEqual(
    Object.values(ROUTES)
      .map(({ action }) => (decideRole(role, action).allowed ? 200 : 403))
      .sort(),
  )
})
