import { expect, test } from 'vitest'
import { TestPasskey } from '../../test/support/authenticator.ts'
import { codeOf, enableTotp } from '../../test/support/factors.ts'
import { refusalOf, testInstance } from '../../test/support/instance.ts'
import { fastHash } from '../../test/support/password.ts'
import { openStream } from '../../test/support/stream.ts'

const here = await testInstance()
const { make, db, as, audit } = here
const acme = await make.organization('Acme')
const RIGHT = 'correct horse battery'
const passwordHash = fastHash(RIGHT)
const createUser = (role: 'administrator' | 'manager' | 'default' = 'default') =>
  make.user({ organizationId: acme.id, role, passwordHash })
const refusalCodeOf = async (call: Promise<unknown>) => (await refusalOf(call)).code
/** Moves every session's last reauthentication an hour into the past. */
const expireReauthentication = () =>
  db.pool.query(`UPDATE "session" SET "reauthenticatedAt" = "reauthenticatedAt" - interval '1 hour'`)
const require = (...roles: string[]) =>
  db.pool.query(`UPDATE "instance" SET "secondFactorRoles" = $1::"role"[]`, [roles])

test('activates an authenticator with its first valid code, and stores no secret in plain text', async () => {
  const joe = await createUser()
  const { secret, ticket } = await as(joe).factor.beginTotp.mutate()
  expect((await as(joe).factor.status.query()).totpSince).toBeNull()
  expect(await refusalCodeOf(as(joe).factor.confirmTotp.mutate({ ticket, code: '000000' }))).toBe('INVALID_CODE')
  const eve = await createUser()
  expect(await refusalCodeOf(as(eve).factor.confirmTotp.mutate({ ticket, code: codeOf(secret) }))).toBe(
    'CHALLENGE_EXPIRED',
  )
  const { recoveryCodes } = await as(joe).factor.confirmTotp.mutate({ ticket, code: codeOf(secret) })
  expect(new Set(recoveryCodes).size).toBe(10)
  expect(await as(joe).factor.status.query()).toMatchObject({
    totpSince: expect.any(String),
    recoveryCodesLeft: 10,
    required: false,
  })
  expect((await as(joe).session.me.query()).user).toMatchObject({ id: joe.id })
  const { rows } = await db.pool.query<{ all: string }>(
    `SELECT (SELECT to_jsonb(t)::text FROM "totp" t WHERE "userId" = $1) || (SELECT jsonb_agg(r)::text FROM "recovery_code" r WHERE "userId" = $1) AS "all"`,
    [joe.id],
  )
  for (const text of [secret, Buffer.from(secret).toString('hex'), ...(recoveryCodes ?? [])])
    expect(rows[0]?.all).not.toContain(text)
  expect((await db.prisma.user.findUniqueOrThrow({ where: { id: joe.id } })).secondFactor).toBe(true)
  expect((await audit(joe.id)).map(({ action }) => action)).toEqual(['factor.confirmTotp'])
})

test('lets only the owner rename or remove a passkey, and registers each passkey once', async () => {
  const [joe, eve] = [await createUser(), await createUser()]
  const passkey = new TestPasskey()
  const options = await as(joe).factor.beginPasskey.mutate()
  const registration = passkey.register(options)
  expect(
    await refusalCodeOf(as(joe).factor.addPasskey.mutate({ registration: { ...registration, clientDataJSON: 'e30' } })),
  ).toBe('PASSKEY_REFUSED')
  const { recoveryCodes } = await as(joe).factor.addPasskey.mutate({ registration, name: 'Blue key' })
  expect(recoveryCodes).toHaveLength(10)
  const [row] = (await as(joe).factor.status.query()).passkeys
  expect(row).toMatchObject({ name: 'Blue key', lastUsedAt: null, backedUp: false })
  const passkeyId = row?.id ?? ''

  expect(await refusalCodeOf(as(eve).factor.renamePasskey.mutate({ passkeyId, name: 'Mine' }))).toBe('NOT_FOUND')
  expect(await refusalCodeOf(as(eve).factor.removePasskey.mutate({ passkeyId }))).toBe('NOT_FOUND')
  expect(await refusalCodeOf(as(eve).factor.addPasskey.mutate({ registration, name: 'Copied' }))).toBe(
    'CHALLENGE_EXPIRED',
  )
  const copied = passkey.register(await as(eve).factor.beginPasskey.mutate())
  expect(await refusalCodeOf(as(eve).factor.addPasskey.mutate({ registration: copied }))).toBe('PASSKEY_EXISTS')

  await as(joe).factor.renamePasskey.mutate({ passkeyId, name: 'Red key' })
  await as(joe).factor.removePasskey.mutate({ passkeyId })
  expect(await as(joe).factor.status.query()).toEqual({
    totpSince: null,
    passkeys: [],
    recoveryCodesLeft: 0,
    required: false,
  })
  expect((await db.prisma.user.findUniqueOrThrow({ where: { id: joe.id } })).secondFactor).toBe(false)
})

test('invalidates old recovery codes when they are replaced, and issues none with a further factor', async () => {
  const joe = await createUser()
  const { recoveryCodes } = await enableTotp(here, joe)
  const added = await as(joe).factor.addPasskey.mutate({
    registration: new TestPasskey().register(await as(joe).factor.beginPasskey.mutate()),
  })
  expect(added.recoveryCodes).toBeNull()
  const renewed = await as(joe).factor.replaceRecoveryCodes.mutate()
  expect(renewed.recoveryCodes).toHaveLength(10)
  expect(renewed.recoveryCodes).not.toEqual(expect.arrayContaining([recoveryCodes[0]]))
  expect(
    await refusalCodeOf(as(joe).session.reauthenticate.mutate({ kind: 'code', code: recoveryCodes[0] ?? '' })),
  ).toBe('INVALID_CODE')
  await as(joe).session.reauthenticate.mutate({ kind: 'code', code: renewed.recoveryCodes?.[0] ?? '' })
  expect((await as(joe).factor.status.query()).recoveryCodesLeft).toBe(9)
})

test('blocks calls and streams of a user without a required second factor until the user sets one up', async () => {
  const mia = await createUser('manager')
  const stream = await openStream(await here.app.listen({ port: 0, host: '127.0.0.1' }), await here.cookieOf(mia))
  expect(await as(mia).user.list.query({})).toMatchObject({ rows: expect.any(Array) })
  const ada = await createUser('administrator')
  const { version, address: _, commonPasswords: __, ...policies } = await as(ada).security.get.query()
  await as(ada).security.update.mutate({ ...policies, expectedVersion: version, secondFactorRoles: ['manager'] })
  expect((await stream.ended()).last).toEqual({ kind: 'closed', why: 'access-changed' })

  expect(await refusalCodeOf(as(mia).user.list.query({}))).toBe('SECOND_FACTOR_REQUIRED')
  expect(await refusalCodeOf(as(mia).workspace.create.mutate({ name: 'Mine' }))).toBe('SECOND_FACTOR_REQUIRED')
  expect(await refusalCodeOf(as(mia).factor.removeTotp.mutate())).toBe('SECOND_FACTOR_REQUIRED')
  expect(await as(mia).session.me.query()).toMatchObject({ secondFactorRequired: true })
  expect(await as(mia).factor.status.query()).toMatchObject({ required: true })
  await enableTotp(here, mia)
  expect(await as(mia).session.me.query()).toMatchObject({ secondFactorRequired: false })
  expect(await as(mia).user.list.query({})).toMatchObject({ rows: expect.any(Array) })
  expect(await refusalCodeOf(as(mia).factor.removeTotp.mutate())).toBe('LAST_FACTOR')
  expect((await as(mia).factor.status.query()).totpSince).not.toBeNull()
  await require()
  await as(mia).factor.removeTotp.mutate()
})

test('requires reauthentication for sensitive changes, and changes nothing before', async () => {
  const ada = await createUser('administrator')
  const joe = await createUser()
  const other = await make.organization('Other')
  await enableTotp(here, ada)
  await enableTotp(here, joe)
  await as(ada).session.me.query()
  await expireReauthentication()
  const required = { code: 'REAUTHENTICATION_REQUIRED', details: { methods: ['code', 'password'] } }
  const { version, address: _, commonPasswords: __, ...policies } = await as(ada).security.get.query()
  const selection = [joe.id]
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
  for (const [name, call] of Object.entries(calls)) expect([name, await refusalOf(call())]).toEqual([name, required])
  expect(await as(ada).user.get.query({ userId: joe.id })).toMatchObject({ secondFactor: true })
  // Ending sessions is not sensitive.
  await as(ada).user.signOut.mutate({ userId: joe.id })
  // A missing permission is refused before reauthentication is required.
  await expireReauthentication()
  expect(await refusalCodeOf(as(await createUser('manager')).user.resetFactor.mutate({ userId: ada.id }))).toBe(
    'TARGET_NOT_ALLOWED',
  )

  expect(await refusalCodeOf(as(ada).session.reauthenticate.mutate({ kind: 'password', password: 'wrong' }))).toBe(
    'INVALID_CURRENT_PASSWORD',
  )
  expect(await refusalCodeOf(calls.delete())).toBe('REAUTHENTICATION_REQUIRED')
  await as(ada).session.reauthenticate.mutate({ kind: 'password', password: RIGHT })
  expect(await calls.reset()).toEqual({ changed: true })
  expect(await calls.bulk()).toMatchObject({ changed: 1 })
})

test('counts failed reauthentications of every method together', async () => {
  const joe = await createUser()
  for (let n = 0; n < 5; n++) await refusalOf(as(joe).session.reauthenticate.mutate({ kind: 'code', code: '000000' }))
  expect(await refusalCodeOf(as(joe).session.reauthenticate.mutate({ kind: 'password', password: RIGHT }))).toBe(
    'TOO_MANY_ATTEMPTS',
  )
})

test('accepts a passkey for reauthentication only with user verification', async () => {
  const joe = await createUser()
  const passkey = new TestPasskey()
  await as(joe).factor.addPasskey.mutate({ registration: passkey.register(await as(joe).factor.beginPasskey.mutate()) })
  await expireReauthentication()
  const begin = async () => {
    const { challenge, rpId = '' } = await as(joe).session.beginReauthentication.mutate()
    return { challenge, rpId }
  }
  const touched = passkey.use(await begin(), { verified: false })
  expect(await refusalCodeOf(as(joe).session.reauthenticate.mutate({ kind: 'passkey', assertion: touched }))).toBe(
    'PASSKEY_REFUSED',
  )
  await as(joe).session.reauthenticate.mutate({ kind: 'passkey', assertion: passkey.use(await begin()) })
  expect((await as(joe).factor.replaceRecoveryCodes.mutate()).recoveryCodes).toHaveLength(10)
})

test('resets a user’s second factor, signs the user out, and says who reset it until the user acknowledges it', async () => {
  const ada = await createUser('administrator')
  const joe = await createUser()
  await enableTotp(here, joe)
  expect(await as(ada).user.resetFactor.mutate({ userId: joe.id })).toEqual({ changed: true })
  expect(await refusalOf(as(joe).session.me.query())).toMatchObject({
    code: 'SESSION_ENDED',
    details: { reason: 'factor-reset' },
  })
  expect(await as(ada).user.resetFactor.mutate({ userId: joe.id })).toEqual({ changed: false })
  expect((await audit(joe.id)).filter(({ action }) => action === 'user.resetFactor')).toMatchObject([
    { before: { secondFactor: true }, after: { secondFactor: false } },
  ])

  const again = await make.session(joe)
  const me = async () => {
    const answer = await here.app.inject({
      url: '/trpc/session.me',
      headers: { host: 'localhost', cookie: again.cookie },
    })
    return (JSON.parse(answer.body) as { result: { data: { factorResetBy: unknown } } }).result.data.factorResetBy
  }
  expect(await me()).toEqual({ username: ada.username, operator: false, at: expect.any(String) })
  const headers = {
    host: 'localhost',
    origin: 'http://localhost',
    'content-type': 'application/json',
    cookie: again.cookie,
  }
  await here.app.inject({ method: 'POST', url: '/trpc/session.acknowledge', headers, payload: '{}' })
  expect(await me()).toBeNull()
})

test('filters users without a second factor, and shows in the list which users have one', async () => {
  const elsewhere = await make.organization('Elsewhere')
  const mia = await make.user({ organizationId: elsewhere.id, role: 'manager', passwordHash })
  const [joe, eve] = await make.users([{ organizationId: elsewhere.id }, { organizationId: elsewhere.id }])
  await enableTotp(here, joe ?? mia)
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

test('deletes the second factors with the user', async () => {
  const ada = await createUser('administrator')
  const joe = await createUser()
  await enableTotp(here, joe)
  await as(ada).user.delete.mutate({ userId: joe.id, confirmation: joe.username })
  for (const table of ['totp', 'recovery_code'])
    expect((await db.pool.query(`SELECT 1 FROM "${table}" WHERE "userId" = $1`, [joe.id])).rowCount).toBe(0)
})
