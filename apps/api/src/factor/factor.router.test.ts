import { expect, test } from 'vitest'
import { TestPasskey } from '../testing/authenticator.ts'
import { codeOf, withTotp } from '../testing/factors.ts'
import { refusalOf, testInstance } from '../testing/instance.ts'
import { fastHash } from '../testing/password.ts'
import { openStream } from '../testing/stream.ts'

const here = await testInstance()
const { make, db, as, audit } = here
const acme = await make.organization('Acme')
const RIGHT = 'correct horse battery'
const passwordHash = fastHash(RIGHT)
const somebody = (role: 'administrator' | 'manager' | 'default' = 'default') => make.user({ organizationId: acme.id, role, passwordHash })
const codeOfRefusal = async (call: Promise<unknown>) => (await refusalOf(call)).code
/** As if everybody had signed in an hour ago. */
const anHourLater = () => db.pool.query(`UPDATE "session" SET "reauthenticatedAt" = "reauthenticatedAt" - interval '1 hour'`)
const require = (...roles: string[]) => db.pool.query(`UPDATE "instance" SET "secondFactorRoles" = $1::"role"[]`, [roles])

test('an authenticator counts once its first code was right; what is stored of its secret opens only with the server’s key', async () => {
  const joe = await somebody()
  const { secret, ticket } = await as(joe).factor.beginTotp.mutate()
  expect((await as(joe).factor.status.query()).totpSince).toBeNull()
  expect(await codeOfRefusal(as(joe).factor.confirmTotp.mutate({ ticket, code: '000000' }))).toBe('INVALID_CODE')
  const eve = await somebody()
  expect(await codeOfRefusal(as(eve).factor.confirmTotp.mutate({ ticket, code: codeOf(secret) }))).toBe('CHALLENGE_EXPIRED')
  const { recoveryCodes } = await as(joe).factor.confirmTotp.mutate({ ticket, code: codeOf(secret) })
  expect(new Set(recoveryCodes).size).toBe(10)
  expect(await as(joe).factor.status.query()).toMatchObject({ totpSince: expect.any(String), recoveryCodesLeft: 10, required: false })
  expect((await as(joe).session.me.query()).user).toMatchObject({ id: joe.id })
  const { rows } = await db.pool.query<{ all: string }>(
    `SELECT (SELECT to_jsonb(t)::text FROM "totp" t WHERE "userId" = $1) || (SELECT jsonb_agg(r)::text FROM "recovery_code" r WHERE "userId" = $1) AS "all"`,
    [joe.id],
  )
  for (const told of [secret, Buffer.from(secret).toString('hex'), ...(recoveryCodes ?? [])]) expect(rows[0]?.all).not.toContain(told)
  expect((await db.prisma.user.findUniqueOrThrow({ where: { id: joe.id } })).secondFactor).toBe(true)
  expect((await audit(joe.id)).map(({ action }) => action)).toEqual(['factor.confirmTotp'])
})

test('passkeys are named, renamed and removed by their owner alone, and each is set up once', async () => {
  const [joe, eve] = [await somebody(), await somebody()]
  const passkey = new TestPasskey()
  const options = await as(joe).factor.beginPasskey.mutate()
  const registration = passkey.register(options)
  expect(await codeOfRefusal(as(joe).factor.addPasskey.mutate({ registration: { ...registration, clientDataJSON: 'e30' } }))).toBe('PASSKEY_REFUSED')
  const { recoveryCodes } = await as(joe).factor.addPasskey.mutate({ registration, name: 'Blue key' })
  expect(recoveryCodes).toHaveLength(10)
  const [row] = (await as(joe).factor.status.query()).passkeys
  expect(row).toMatchObject({ name: 'Blue key', lastUsedAt: null, backedUp: false })
  const passkeyId = row?.id ?? ''

  expect(await codeOfRefusal(as(eve).factor.renamePasskey.mutate({ passkeyId, name: 'Mine' }))).toBe('NOT_FOUND')
  expect(await codeOfRefusal(as(eve).factor.removePasskey.mutate({ passkeyId }))).toBe('NOT_FOUND')
  expect(await codeOfRefusal(as(eve).factor.addPasskey.mutate({ registration, name: 'Copied' }))).toBe('CHALLENGE_EXPIRED')
  const copied = passkey.register(await as(eve).factor.beginPasskey.mutate())
  expect(await codeOfRefusal(as(eve).factor.addPasskey.mutate({ registration: copied }))).toBe('PASSKEY_EXISTS')

  await as(joe).factor.renamePasskey.mutate({ passkeyId, name: 'Red key' })
  await as(joe).factor.removePasskey.mutate({ passkeyId })
  expect(await as(joe).factor.status.query()).toEqual({ totpSince: null, passkeys: [], recoveryCodesLeft: 0, required: false })
  expect((await db.prisma.user.findUniqueOrThrow({ where: { id: joe.id } })).secondFactor).toBe(false)
})

test('new recovery codes end the old ones; with a second factor that was there already come none', async () => {
  const joe = await somebody()
  const { recoveryCodes } = await withTotp(here, joe)
  const added = await as(joe).factor.addPasskey.mutate({ registration: new TestPasskey().register(await as(joe).factor.beginPasskey.mutate()) })
  expect(added.recoveryCodes).toBeNull()
  const renewed = await as(joe).factor.replaceRecoveryCodes.mutate()
  expect(renewed.recoveryCodes).toHaveLength(10)
  expect(renewed.recoveryCodes).not.toEqual(expect.arrayContaining([recoveryCodes[0]]))
  expect(await codeOfRefusal(as(joe).session.reauthenticate.mutate({ kind: 'code', code: recoveryCodes[0] ?? '' }))).toBe('INVALID_CODE')
  await as(joe).session.reauthenticate.mutate({ kind: 'code', code: renewed.recoveryCodes?.[0] ?? '' })
  expect((await as(joe).factor.status.query()).recoveryCodesLeft).toBe(9)
})

test('whoever has to have a second factor and has none gets no further than setting one up, in calls and streams, until it is there', async () => {
  const mia = await somebody('manager')
  const stream = await openStream(await here.app.listen({ port: 0, host: '127.0.0.1' }), await here.cookieOf(mia))
  expect(await as(mia).user.list.query({})).toMatchObject({ rows: expect.any(Array) })
  const ada = await somebody('administrator')
  const { version, address: _, commonPasswords: __, ...policies } = await as(ada).security.get.query()
  await as(ada).security.update.mutate({ ...policies, expectedVersion: version, secondFactorRoles: ['manager'] })
  expect((await stream.ended()).last).toEqual({ kind: 'closed', why: 'access-changed' })

  expect(await codeOfRefusal(as(mia).user.list.query({}))).toBe('SECOND_FACTOR_REQUIRED')
  expect(await codeOfRefusal(as(mia).workspace.create.mutate({ name: 'Mine' }))).toBe('SECOND_FACTOR_REQUIRED')
  expect(await codeOfRefusal(as(mia).factor.removeTotp.mutate())).toBe('SECOND_FACTOR_REQUIRED')
  expect(await as(mia).session.me.query()).toMatchObject({ secondFactorRequired: true })
  expect(await as(mia).factor.status.query()).toMatchObject({ required: true })
  await withTotp(here, mia)
  expect(await as(mia).session.me.query()).toMatchObject({ secondFactorRequired: false })
  expect(await as(mia).user.list.query({})).toMatchObject({ rows: expect.any(Array) })
  expect(await codeOfRefusal(as(mia).factor.removeTotp.mutate())).toBe('LAST_FACTOR')
  expect((await as(mia).factor.status.query()).totpSince).not.toBeNull()
  await require()
  await as(mia).factor.removeTotp.mutate()
})

test('what has consequences asks for a fresh proof, by what its caller has, and nothing is changed before', async () => {
  const ada = await somebody('administrator')
  const joe = await somebody()
  const other = await make.organization('Other')
  await withTotp(here, ada)
  await withTotp(here, joe)
  await as(ada).session.me.query()
  await anHourLater()
  const proof = { code: 'REAUTHENTICATION_REQUIRED', details: { methods: ['code', 'password'] } }
  const { version, address: _, commonPasswords: __, ...policies } = await as(ada).security.get.query()
  const selection = { kind: 'ids' as const, ids: [joe.id] }
  const { token } = await as(ada).user.previewBulk.query({ selection, action: { kind: 'delete' } })
  const calls = {
    delete: () => as(ada).user.delete.mutate({ userId: joe.id, confirmation: joe.username }),
    bulk: () => as(ada).user.applyBulk.mutate({ selection, action: { kind: 'delete' }, token }),
    reset: () => as(ada).user.resetFactor.mutate({ userId: joe.id }),
    organization: () => as(ada).organization.delete.mutate({ organizationId: other.id, confirmation: 'Other' }),
    security: () => as(ada).security.update.mutate({ ...policies, expectedVersion: version, passwordMin: 12 }),
    removeTotp: () => as(ada).factor.removeTotp.mutate(),
    codes: () => as(ada).factor.replaceRecoveryCodes.mutate(),
    beginTotp: () => as(ada).factor.beginTotp.mutate(),
    beginPasskey: () => as(ada).factor.beginPasskey.mutate(),
  }
  for (const [name, call] of Object.entries(calls)) expect([name, await refusalOf(call())]).toEqual([name, proof])
  expect(await as(ada).user.get.query({ userId: joe.id })).toMatchObject({ secondFactor: true })
  // What hurts nobody asks for nothing.
  await as(ada).user.signOut.mutate({ userId: joe.id })
  // Who may not do it anyway learns that first.
  await anHourLater()
  expect(await codeOfRefusal(as(await somebody('manager')).user.resetFactor.mutate({ userId: ada.id }))).toBe('TARGET_NOT_ALLOWED')

  expect(await codeOfRefusal(as(ada).session.reauthenticate.mutate({ kind: 'password', password: 'wrong' }))).toBe('INVALID_CURRENT_PASSWORD')
  expect(await codeOfRefusal(calls.delete())).toBe('REAUTHENTICATION_REQUIRED')
  await as(ada).session.reauthenticate.mutate({ kind: 'password', password: RIGHT })
  expect(await calls.reset()).toEqual({ changed: true })
  expect(await calls.bulk()).toMatchObject({ changed: 1 })
})

test('wrong proofs are counted as wrong passwords of one’s own are', async () => {
  const joe = await somebody()
  for (let n = 0; n < 5; n++) await refusalOf(as(joe).session.reauthenticate.mutate({ kind: 'code', code: '000000' }))
  expect(await codeOfRefusal(as(joe).session.reauthenticate.mutate({ kind: 'password', password: RIGHT }))).toBe('TOO_MANY_ATTEMPTS')
})

test('a passkey proves its owner only where they proved themselves to it', async () => {
  const joe = await somebody()
  const passkey = new TestPasskey()
  await as(joe).factor.addPasskey.mutate({ registration: passkey.register(await as(joe).factor.beginPasskey.mutate()) })
  await anHourLater()
  const begin = async () => {
    const { challenge, rpId = '' } = await as(joe).session.beginReauthentication.mutate()
    return { challenge, rpId }
  }
  const touched = passkey.use(await begin(), { verified: false })
  expect(await codeOfRefusal(as(joe).session.reauthenticate.mutate({ kind: 'passkey', assertion: touched }))).toBe('PASSKEY_REFUSED')
  await as(joe).session.reauthenticate.mutate({ kind: 'passkey', assertion: passkey.use(await begin()) })
  expect((await as(joe).factor.replaceRecoveryCodes.mutate()).recoveryCodes).toHaveLength(10)
})

test('whoever outranks somebody resets their second factor; they are signed out, told by whom until they acknowledge it, and can set up a new one', async () => {
  const ada = await somebody('administrator')
  const joe = await somebody()
  await withTotp(here, joe)
  expect(await as(ada).user.resetFactor.mutate({ userId: joe.id })).toEqual({ changed: true })
  expect(await refusalOf(as(joe).session.me.query())).toMatchObject({ code: 'SESSION_ENDED', details: { reason: 'factor-reset' } })
  expect(await as(ada).user.resetFactor.mutate({ userId: joe.id })).toEqual({ changed: false })
  expect((await audit(joe.id)).filter(({ action }) => action === 'user.resetFactor')).toMatchObject([
    { before: { secondFactor: true }, after: { secondFactor: false } },
  ])

  const again = await make.session(joe)
  const me = async () => {
    const answer = await here.app.inject({ url: '/trpc/session.me', headers: { host: 'localhost', cookie: again.cookie } })
    return (JSON.parse(answer.body) as { result: { data: { factorResetBy: unknown } } }).result.data.factorResetBy
  }
  expect(await me()).toEqual({ username: ada.username, operator: false, at: expect.any(String) })
  const headers = { host: 'localhost', origin: 'http://localhost', 'content-type': 'application/json', cookie: again.cookie }
  await here.app.inject({ method: 'POST', url: '/trpc/session.acknowledge', headers, payload: '{}' })
  expect(await me()).toBeNull()
})

test('the list is filtered by who has no second factor, and marks who has', async () => {
  const elsewhere = await make.organization('Elsewhere')
  const mia = await make.user({ organizationId: elsewhere.id, role: 'manager', passwordHash })
  const [joe, eve] = await make.users([{ organizationId: elsewhere.id }, { organizationId: elsewhere.id }])
  await withTotp(here, joe ?? mia)
  const all = await as(mia).user.list.query({})
  expect(Object.fromEntries(all.rows.map(({ id, secondFactor }) => [id, secondFactor]))).toEqual({
    [mia.id]: false,
    [joe?.id ?? '']: true,
    [eve?.id ?? '']: false,
  })
  const without = await as(mia).user.list.query({ filter: { noSecondFactor: true } })
  expect(new Set(without.rows.map(({ id }) => id))).toEqual(new Set([mia.id, eve?.id]))
  expect(await as(mia).user.count.query({ filter: { noSecondFactor: true } })).toMatchObject({ count: 2 })
})

test('deleting somebody takes their factors along', async () => {
  const ada = await somebody('administrator')
  const joe = await somebody()
  await withTotp(here, joe)
  await as(ada).user.delete.mutate({ userId: joe.id, confirmation: joe.username })
  for (const table of ['totp', 'recovery_code']) expect((await db.pool.query(`SELECT 1 FROM "${table}" WHERE "userId" = $1`, [joe.id])).rowCount).toBe(0)
})
