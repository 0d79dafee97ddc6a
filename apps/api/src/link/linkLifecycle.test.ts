import { randomUUID } from 'node:crypto'
import { LINK_LIFETIME_MS } from '@roster/domain'
import { afterEach, expect, test } from 'vitest'
import { fingerprint } from '../../test/support/fingerprint.ts'
import { refusalOf, testInstance } from '../../test/support/instance.ts'
import { sender } from '../../test/support/send.ts'

const { app, make, as, anonymous, db } = await testInstance()
const send = sender(app)
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const newUser = () => make.user({ organizationId: acme.id })
type User = Awaited<ReturnType<typeof newUser>>
const PASSWORD = 'a new horse altogether'
const INVALID = { code: 'INVALID_LINK', details: {} }

// Attempts are rate-limited by address, and all tests share one address.
afterEach(() => db.pool.query(`DELETE FROM "rate_limit"`))

async function newLink(user: User): Promise<string> {
  const { path, expiresAt } = await as(ada).user.createLink.mutate({ userId: user.id })
  expect(Math.abs(Date.parse(expiresAt) - Date.now() - LINK_LIFETIME_MS)).toBeLessThan(60_000)
  return path.replace('/link#', '')
}
const inspect = (token: string) => anonymous.link.inspect.mutate({ token })
const accept = (token: string, password = PASSWORD) => anonymous.link.accept.mutate({ token, password })

/** Neither inspection nor acceptance works, and both change nothing. */
async function expectInvalid(token: string): Promise<void> {
  const before = await fingerprint(db)
  expect(await refusalOf(inspect(token))).toEqual(INVALID)
  expect(await refusalOf(accept(token))).toEqual(INVALID)
  expect(await fingerprint(db)).toEqual(before)
}

test('inspects a link any number of times, and consumes it when the password is set', async () => {
  const john = await newUser()
  const token = await newLink(john)
  for (let i = 0; i < 3; i++)
    expect(await inspect(token)).toEqual({ username: john.username, expiresAt: expect.any(String), passwordMin: 8 })
  const me = await accept(token)
  expect(me).toMatchObject({ user: { id: john.id }, passwordChangeRequired: false, passwordSetBy: null })
  await expectInvalid(token)
  expect(await anonymous.session.signIn.mutate({ username: john.username, password: PASSWORD })).toMatchObject({
    user: { id: john.id },
  })
})

test('signs in by a link, and ends all earlier sessions', async () => {
  const john = await newUser()
  const before = await make.session(john)
  const answer = await send('link.accept', { token: await newLink(john), password: PASSWORD })
  const [cookie = ''] = String(answer.headers['set-cookie']).split(';')
  expect((await send('session.me', undefined, { cookie })).data).toMatchObject({ user: { id: john.id } })
  expect((await send('session.me', undefined, before)).refusal).toMatchObject({
    details: { reason: 'password-changed' },
  })
})

test('keeps the link when the password is refused', async () => {
  const john = await newUser()
  const token = await newLink(john)
  expect(await refusalOf(accept(token, 'sunshine'))).toEqual({ code: 'PASSWORD_COMMON', details: {} })
  const { user } = await as(ada).user.create.mutate({ username: 'a.long.name', credential: { kind: 'link' } })
  expect(await refusalOf(accept(await newLink(user), 'A.LONG.NAME'))).toEqual({
    code: 'PASSWORD_IS_USERNAME',
    details: {},
  })
  expect(await inspect(token)).toMatchObject({ username: john.username })
})

test('rejects an expired link', async () => {
  const john = await newUser()
  const token = await newLink(john)
  await db.pool.query(`UPDATE "link" SET "expiresAt" = now() WHERE "userId" = $1`, [john.id])
  await expectInvalid(token)
})

test('rejects a link of a suspended user, also after the user is reactivated', async () => {
  const john = await newUser()
  const token = await newLink(john)
  await as(ada).user.suspend.mutate({ userId: john.id })
  await expectInvalid(token)
  expect(await refusalOf(as(ada).user.createLink.mutate({ userId: john.id }))).toEqual({
    code: 'USER_NOT_ACTIVE',
    details: { status: 'suspended' },
  })
  await as(ada).user.reactivate.mutate({ userId: john.id })
  await expectInvalid(token)
})

test('rejects a link of a deleted user or of a suspended organization', async () => {
  const john = await newUser()
  const token = await newLink(john)
  await as(ada).user.delete.mutate({ userId: john.id, confirmation: john.username })
  await expectInvalid(token)
  const globex = await make.organization('Globex')
  const mia = await make.user({ organizationId: globex.id })
  const miasToken = await newLink(mia)
  await db.pool.query(`UPDATE "organization" SET "status" = 'suspended' WHERE "id" = $1`, [globex.id])
  await expectInvalid(miasToken)
})

test('revokes a link when its owner changes the password', async () => {
  const john = await newUser()
  await accept(await newLink(john))
  const token = await newLink(john)
  await as(john).session.changePassword.mutate({ current: PASSWORD, password: `${PASSWORD}, again` })
  await expectInvalid(token)
})

test('accepts a new manager’s first link from a manager while that manager may still create managers', async () => {
  const max = await make.user({ organizationId: acme.id, role: 'manager' })
  const create = async (role: 'manager' | 'default') => {
    const { user, link } = await as(max).user.create.mutate({
      username: `created-${randomUUID()}`,
      role,
      credential: { kind: 'link' },
    })
    return { ...user, token: link?.path.replace('/link#', '') ?? '' }
  }
  const mia = await create('manager')
  expect(await inspect(mia.token)).toMatchObject({ username: mia.username })
  expect(await accept(mia.token)).toMatchObject({ user: { id: mia.id } })
  // Once the user has a password, an equal role may no longer create links.
  expect(await refusalOf(as(max).user.createLink.mutate({ userId: mia.id }))).toMatchObject({
    code: 'TARGET_NOT_ALLOWED',
  })
  // A promotion revokes the link for good.
  const dan = await create('default')
  await as(ada).user.setRole.mutate({ userId: dan.id, role: 'manager', expected: 'default' })
  await expectInvalid(dan.token)
  await as(ada).user.setRole.mutate({ userId: dan.id, role: 'default', expected: 'manager' })
  await expectInvalid(dan.token)
  const moved = await create('manager')
  const last = await create('manager')
  const globex = await make.organization()
  await as(ada).user.move.mutate({ userId: moved.id, organizationId: globex.id, expected: acme.id, role: 'manager' })
  await expectInvalid(moved.token)
  await as(ada).user.setRole.mutate({ userId: max.id, role: 'default', expected: 'manager' })
  await expectInvalid(last.token)
})

test.each(['', 'x', '__proto__', 'A'.repeat(43), '\0', '../../link'])('rejects the token %j', async (token) => {
  const refusal = await refusalOf(inspect(token))
  expect(refusal.code).toBe(token === '' ? 'BAD_INPUT' : 'INVALID_LINK')
})

test('inspection returns the minimum password length of the security policies', async () => {
  const token = await newLink(await newUser())
  await db.pool.query('UPDATE "instance" SET "passwordMin" = 14')
  expect(await inspect(token)).toMatchObject({ passwordMin: 14 })
  await db.pool.query('UPDATE "instance" SET "passwordMin" = 8')
})
