import { randomUUID } from 'node:crypto'
import { LINK_LIFETIME_MS } from '@roster/domain'
import { afterEach, expect, test } from 'vitest'
import { fingerprint } from '../testing/fingerprint.ts'
import { refusalOf, testInstance } from '../testing/instance.ts'
import { sender } from '../testing/send.ts'

const { app, make, as, nobody, db } = await testInstance()
const send = sender(app)
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const newUser = () => make.user({ organizationId: acme.id })
type User = Awaited<ReturnType<typeof newUser>>
const PASSWORD = 'a new horse altogether'
const INVALID = { code: 'INVALID_LINK', details: {} }

// Tries at secrets are counted by address, and all of these come from one.
afterEach(() => db.pool.query(`DELETE FROM "rate_limit"`))

async function newLink(user: User): Promise<string> {
  const { path, expiresAt } = await as(ada).user.createLink.mutate({ userId: user.id })
  expect(Math.abs(Date.parse(expiresAt) - Date.now() - LINK_LIFETIME_MS)).toBeLessThan(60_000)
  return path.replace('/link#', '')
}
const look = (token: string) => nobody.link.inspect.mutate({ token })
const accept = (token: string, password = PASSWORD) => nobody.link.accept.mutate({ token, password })

/** Neither look nor acceptance, and nothing changed by trying. */
async function isDead(token: string): Promise<void> {
  const before = await fingerprint(db)
  expect(await refusalOf(look(token))).toEqual(INVALID)
  expect(await refusalOf(accept(token))).toEqual(INVALID)
  expect(await fingerprint(db)).toEqual(before)
}

test('a link says whose it is as often as it is looked at, and is used up by setting the password', async () => {
  const john = await newUser()
  const token = await newLink(john)
  for (let i = 0; i < 3; i++) expect(await look(token)).toEqual({ username: john.username, expiresAt: expect.any(String), passwordMin: 8 })
  const me = await accept(token)
  expect(me).toMatchObject({ user: { id: john.id }, passwordChangeRequired: false, passwordSetBy: null })
  await isDead(token)
  expect(await nobody.session.signIn.mutate({ username: john.username, password: PASSWORD })).toMatchObject({ user: { id: john.id } })
})

test('whoever accepts a link is signed in by it, and what was open before is over', async () => {
  const john = await newUser()
  const before = await make.session(john)
  const answer = await send('link.accept', { token: await newLink(john), password: PASSWORD })
  const [cookie = ''] = String(answer.headers['set-cookie']).split(';')
  expect((await send('session.me', undefined, { cookie })).data).toMatchObject({ user: { id: john.id } })
  expect((await send('session.me', undefined, before)).refusal).toMatchObject({ details: { reason: 'password-changed' } })
})

test('a refused password does not use the link up', async () => {
  const john = await newUser()
  const token = await newLink(john)
  expect(await refusalOf(accept(token, 'sunshine'))).toEqual({ code: 'PASSWORD_COMMON', details: {} })
  const { user } = await as(ada).user.create.mutate({ username: 'a.long.name', credential: { kind: 'link' } })
  expect(await refusalOf(accept(await newLink(user), 'A.LONG.NAME'))).toEqual({ code: 'PASSWORD_IS_USERNAME', details: {} })
  expect(await look(token)).toMatchObject({ username: john.username })
})

test('a link is over after 24 hours', async () => {
  const john = await newUser()
  const token = await newLink(john)
  await db.pool.query(`UPDATE "link" SET "expiresAt" = now() WHERE "userId" = $1`, [john.id])
  await isDead(token)
})

test('a link of somebody suspended is dead, and stays so once they are back', async () => {
  const john = await newUser()
  const token = await newLink(john)
  await as(ada).user.suspend.mutate({ userId: john.id })
  await isDead(token)
  expect(await refusalOf(as(ada).user.createLink.mutate({ userId: john.id }))).toEqual({ code: 'USER_NOT_ACTIVE', details: { status: 'suspended' } })
  await as(ada).user.reactivate.mutate({ userId: john.id })
  await isDead(token)
})

test('a link of somebody deleted, or of a suspended organization, is dead', async () => {
  const john = await newUser()
  const token = await newLink(john)
  await as(ada).user.delete.mutate({ userId: john.id, confirmation: john.username })
  await isDead(token)
  const globex = await make.organization('Globex')
  const mia = await make.user({ organizationId: globex.id })
  const theirs = await newLink(mia)
  await db.pool.query(`UPDATE "organization" SET "status" = 'suspended' WHERE "id" = $1`, [globex.id])
  await isDead(theirs)
})

test('whoever changes their own password needs the link no more, and nobody else has it', async () => {
  const john = await newUser()
  await accept(await newLink(john))
  const token = await newLink(john)
  await as(john).session.changePassword.mutate({ current: PASSWORD, password: `${PASSWORD}, again` })
  await isDead(token)
})

test('somebody whom a manager made a manager comes in by the link they were made with, until that manager could no longer make them', async () => {
  const max = await make.user({ organizationId: acme.id, role: 'manager' })
  const made = async (role: 'manager' | 'default') => {
    const { user, link } = await as(max).user.create.mutate({ username: `made-${randomUUID()}`, role, credential: { kind: 'link' } })
    return { ...user, token: link?.path.replace('/link#', '') ?? '' }
  }
  const mia = await made('manager')
  expect(await look(mia.token)).toMatchObject({ username: mia.username })
  expect(await accept(mia.token)).toMatchObject({ user: { id: mia.id } })
  // Who has a password is no longer theirs to let in.
  expect(await refusalOf(as(max).user.createLink.mutate({ userId: mia.id }))).toMatchObject({ code: 'TARGET_NOT_ALLOWED' })
  // A higher role than they were made with leaves the link behind, for good.
  const dan = await made('default')
  await as(ada).user.setRole.mutate({ userId: dan.id, role: 'manager', expected: 'default' })
  await isDead(dan.token)
  await as(ada).user.setRole.mutate({ userId: dan.id, role: 'default', expected: 'manager' })
  await isDead(dan.token)
  const moved = await made('manager')
  const last = await made('manager')
  const globex = await make.organization()
  await as(ada).user.move.mutate({ userId: moved.id, organizationId: globex.id, expected: acme.id, role: 'manager' })
  await isDead(moved.token)
  await as(ada).user.setRole.mutate({ userId: max.id, role: 'default', expected: 'manager' })
  await isDead(last.token)
})

test.each(['', 'x', '__proto__', 'A'.repeat(43), '\0', '../../link'])('%j is the token of no link', async (token) => {
  const refusal = await refusalOf(look(token))
  expect(refusal.code).toBe(token === '' ? 'BAD_INPUT' : 'INVALID_LINK')
})

test('whoever looks is told how long the security policies want the new password', async () => {
  const token = await newLink(await newUser())
  await db.pool.query('UPDATE "instance" SET "passwordMin" = 14')
  expect(await look(token)).toMatchObject({ passwordMin: 14 })
  await db.pool.query('UPDATE "instance" SET "passwordMin" = 8')
})
