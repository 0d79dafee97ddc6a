import { type SecurityPolicies, securityUpdate } from '@roster/domain'
import { expect, test } from 'vitest'
import { refusalOf, testInstance } from '../../test/support/instance.ts'

const { make, as, db, anonymous, app } = await testInstance()
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const { security } = as(ada)

async function update(changes: Partial<SecurityPolicies>) {
  const { address: _, commonPasswords: __, version: expectedVersion, ...current } = await security.get.query()
  return security.update.mutate({ ...current, ...changes, expectedVersion })
}

test('returns the policies, the reader’s address and the source of the common passwords', async () => {
  expect(await security.get.query()).toMatchObject({
    version: 1,
    passwordMin: 8,
    sessionIdleSeconds: 604_800,
    freeAttempts: 5,
    secondFactorRoles: [],
    administratorNetworks: [],
    address: '127.0.0.1',
    commonPasswords: { count: expect.any(Number), source: 'zxcvbn-ts' },
  })
})

test('refuses an update of an outdated version with the current values', async () => {
  const { version } = await update({ passwordMin: 9 })
  const { address: _, commonPasswords: __, version: expectedVersion, ...current } = await security.get.query()
  expect(
    await refusalOf(security.update.mutate({ ...current, passwordMin: 20, expectedVersion: version - 1 })),
  ).toMatchObject({
    code: 'CONFLICT',
    details: { version, fields: [{ field: 'passwordMin', theirs: '9' }] },
  })
  expect(await security.update.mutate({ ...current, expectedVersion })).toEqual({ version })
  await update({ passwordMin: 8 })
})

test('applies the minimum length to every way to set a password', async () => {
  await update({ passwordMin: 14 })
  const short = { code: 'PASSWORD_TOO_SHORT', details: { min: 14 } }
  const password = 'thirteen chars'.slice(0, 13)
  const john = await make.user({ organizationId: acme.id })
  const credential = { kind: 'password', password } as const
  expect(await refusalOf(as(ada).user.create.mutate({ username: 'too.short', credential }))).toEqual(short)
  expect(await refusalOf(as(ada).user.setPassword.mutate({ userId: john.id, password }))).toEqual(short)
  expect(await refusalOf(as(john).session.changePassword.mutate({ current: 'whatever it is', password }))).toEqual(
    short,
  )
  const { path } = await as(ada).user.createLink.mutate({ userId: john.id })
  expect(await refusalOf(anonymous.link.accept.mutate({ token: path.split('#')[1] ?? '', password }))).toEqual(short)
  await update({ passwordMin: 8 })
})

test('refuses a first password that need not be replaced when the policies require it', async () => {
  await update({ changeAtFirstSignIn: true })
  const refused = { code: 'FIRST_CHANGE_REQUIRED', details: {} }
  const john = await make.user({ organizationId: acme.id })
  const credential = { kind: 'password', password: 'entirely new horse', changeRequired: false } as const
  expect(await refusalOf(as(ada).user.create.mutate({ username: 'no.change', credential }))).toEqual(refused)
  expect(
    await refusalOf(
      as(ada).user.setPassword.mutate({ userId: john.id, password: 'entirely new horse', changeRequired: false }),
    ),
  ).toEqual(refused)
  expect(
    await as(ada).user.create.mutate({ username: 'with.change', credential: { ...credential, changeRequired: true } }),
  ).toMatchObject({ link: null })
  await update({ changeAtFirstSignIn: false })
})

test('applies shorter lifetimes to open sessions at once, and to new sessions', async () => {
  const john = await make.user({ organizationId: acme.id })
  await as(john).session.me.query()
  await db.pool.query(`UPDATE "session" SET "lastSeenAt" = now() - interval '20 minutes' WHERE "userId" = $1`, [
    john.id,
  ])
  await update({ sessionIdleSeconds: 900, sessionAbsoluteSeconds: 3600 })
  expect(await refusalOf(as(john).session.me.query())).toMatchObject({
    code: 'SESSION_ENDED',
    details: { reason: 'expired' },
  })
  const mia = await make.user({ organizationId: acme.id })
  await as(mia).session.me.query()
  const { rows } = await db.pool.query<{ idle: number; all: number }>(
    `SELECT extract(epoch FROM "expiresAt" - now())::int AS "idle", extract(epoch FROM "absoluteEndAt" - "createdAt")::int AS "all" FROM "session" WHERE "userId" = $1`,
    [mia.id],
  )
  expect(rows[0]?.idle).toBeGreaterThan(800)
  expect(rows[0]?.idle).toBeLessThanOrEqual(900)
  expect(rows[0]?.all).toBeLessThanOrEqual(3600)
  await update({ sessionIdleSeconds: 604_800, sessionAbsoluteSeconds: 2_592_000 })
})

test('extends a used session’s idle expiry, but never past its absolute expiry', async () => {
  const john = await make.user({ organizationId: acme.id })
  await as(john).session.me.query()
  await db.pool.query(
    `UPDATE "session" SET "lastSeenAt" = now() - interval '2 minutes', "expiresAt" = now() + interval '1 minute', "absoluteEndAt" = now() + interval '1 hour' WHERE "userId" = $1`,
    [john.id],
  )
  await as(john).session.me.query()
  const { rows } = await db.pool.query<{ same: boolean }>(
    `SELECT "expiresAt" = "absoluteEndAt" AS "same" FROM "session" WHERE "userId" = $1`,
    [john.id],
  )
  expect(rows).toEqual([{ same: true }])
})

test('refuses every call but sign-out from an address outside the role’s networks', async () => {
  const max = await make.user({ organizationId: acme.id, role: 'manager' })
  expect(await as(max).session.me.query()).toMatchObject({ user: { id: max.id } })
  await update({ managerNetworks: ['203.0.113.0/24'] })
  const refused = { code: 'NETWORK_NOT_ALLOWED', details: { address: '127.0.0.1' } }
  expect(await refusalOf(as(max).session.me.query())).toEqual(refused)
  expect(await refusalOf(as(max).user.create.mutate({ username: 'from.afar', credential: { kind: 'link' } }))).toEqual(
    refused,
  )
  expect(await as(ada).session.me.query()).toMatchObject({ user: { id: ada.id } })
  const elsewhere = await app.inject({
    url: '/trpc/session.me',
    headers: { host: 'localhost', cookie: (await make.session(max)).cookie },
    remoteAddress: '203.0.113.7',
  })
  expect(elsewhere.statusCode).toBe(200)
  expect(await as(max).session.signOut.mutate()).toEqual({})
  await update({ managerNetworks: [] })
})

test('normalizes networks to their base address', async () => {
  await update({ defaultNetworks: ['10.1.2.3/8', '192.0.2.7', '2001:db8::5/32'] })
  expect((await security.get.query()).defaultNetworks).toEqual(['10.0.0.0/8', '192.0.2.7/32', '2001:db8::/32'])
  await update({ defaultNetworks: [] })
})

test('refuses an update that would lock out its author, with the reason', async () => {
  const before = await security.get.query()
  expect(await refusalOf(update({ administratorNetworks: ['203.0.113.0/24'] }))).toEqual({
    code: 'LOCKS_OUT_AUTHOR',
    details: { why: 'network', address: '127.0.0.1' },
  })
  expect(await refusalOf(update({ secondFactorRoles: ['administrator'] }))).toMatchObject({
    code: 'LOCKS_OUT_AUTHOR',
    details: { why: 'second-factor' },
  })
  expect(await security.get.query()).toEqual(before)
  await update({ administratorNetworks: ['127.0.0.0/8', '203.0.113.0/24'] })
  await update({ administratorNetworks: [] })
})

test('allows only one of requiring a second factor for the actor’s role and removing the actor’s own, concurrently', async () => {
  for (let round = 0; round < 5; round++) {
    await db.pool.query(`INSERT INTO "totp" ("userId", "secret", "confirmedAt") VALUES ($1, '\\x00', now())`, [ada.id])
    await db.pool.query(`UPDATE "user" SET "secondFactor" = TRUE WHERE "id" = $1`, [ada.id])
    const [required, removed] = await Promise.allSettled([
      update({ secondFactorRoles: ['administrator'] }),
      as(ada).factor.removeTotp.mutate(),
    ])
    expect([required.status, removed.status].sort()).toEqual(['fulfilled', 'rejected'])
    if (required.status === 'fulfilled') expect((await update({ secondFactorRoles: [] })).version).toBeGreaterThan(1)
    await db.pool.query(`DELETE FROM "totp"`)
    await db.pool.query(`UPDATE "user" SET "secondFactor" = FALSE`)
  }
})

test('starts the backoff earlier with fewer free attempts', async () => {
  await update({ freeAttempts: 3 })
  const attempts = async () =>
    refusalOf(anonymous.session.signIn.mutate({ username: 'unknown.user', password: 'wrong' }))
  for (let n = 0; n < 3; n++) expect((await attempts()).code).toBe('INVALID_CREDENTIALS')
  // The wait of a second ends during the test on a busy machine. No wait is an instant long ago.
  await db.pool.query(`UPDATE "rate_limit" SET "retryAt" = "retryAt" + interval '1 hour'`)
  expect((await attempts()).code).toBe('TOO_MANY_ATTEMPTS')
  await update({ freeAttempts: 5 })
})

test('audits an update as one event with the changed fields before and after', async () => {
  await update({ freeAttempts: 6, changeAtFirstSignIn: true })
  const { rows } = await db.pool.query(
    `SELECT t."before", t."after" FROM "audit_event" e JOIN "audit_text" t ON t."eventId" = e."id" WHERE e."action" = 'security.update' ORDER BY e."at" DESC LIMIT 1`,
  )
  expect(rows).toEqual([
    { before: { freeAttempts: 5, changeAtFirstSignIn: false }, after: { freeAttempts: 6, changeAtFirstSignIn: true } },
  ])
})

test.each([
  [{ passwordMin: 7 }, 'passwordMin'],
  [{ freeAttempts: 2 }, 'freeAttempts'],
  [{ addressAttempts: 1001 }, 'addressAttempts'],
  [{ sessionIdleSeconds: 299 }, 'sessionIdleSeconds'],
  [{ sessionIdleSeconds: 7200, sessionAbsoluteSeconds: 3600 }, 'sessionIdleSeconds'],
  [{ defaultNetworks: ['10.0.0.0/33'] }, 'defaultNetworks'],
  [{ defaultNetworks: ['office'] }, 'defaultNetworks'],
])('refuses %j at its field', async (changes, field) => {
  const { address: _, commonPasswords: __, version: expectedVersion, ...current } = await security.get.query()
  const { error } = securityUpdate.safeParse({ ...current, ...changes, expectedVersion })
  expect(error?.issues[0]?.path[0]).toBe(field)
})

test('writes to no session when an update shortens no lifetime', async () => {
  const john = await make.user({ organizationId: acme.id })
  await make.session(john)
  const written = async () =>
    (await db.pool.query(`SELECT xmin::text FROM "session" WHERE "userId" = $1`, [john.id])).rows
  const before = await written()
  await update({ passwordMin: 12 })
  await update({ passwordMin: 8, sessionIdleSeconds: 1_000_000 })
  expect(await written()).toEqual(before)
  await update({ sessionIdleSeconds: 604_800 })
})
