import { beforeEach, expect, test } from 'vitest'
import { hashPassword, verifyPassword } from '../password/hash.ts'
import { hashQueue } from '../password/queue.ts'
import { browserAt } from '../testing/browser.ts'
import { testInstance } from '../testing/instance.ts'
import { countHashings, fastHash } from '../testing/password.ts'

const statements: string[] = []
const node = await testInstance({ onStatement: (text) => void statements.push(text) })
const { make, db, as } = node
const [acme, shut] = [await make.organization('Acme'), await make.organization('Shut')]
const RIGHT = 'correct horse battery'
const passwordHash = fastHash(RIGHT)
const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash })

beforeEach(() => db.pool.query('DELETE FROM "rate_limit"'))

/** What a call costs and says: its statements in their order, its hashings, and every byte of its answer but what no two answers share. */
async function cost(procedure: string, input: unknown) {
  await db.pool.query('DELETE FROM "rate_limit"')
  // The first of a minute is written, the others are counted: all of them are counted here.
  statements.length = 0
  const hashings = countHashings()
  const { status, body, headers } = await browserAt(node, '192.0.2.1').call(procedure, input)
  const told = body.replace(/"requestId":"[^"]+"/u, '').replace(/"at":"[^"]+"/u, '')
  const { date: _, ...shown } = headers
  return { status, told, shown, hashings: hashings(), statements: [...statements] }
}

test('signing in costs and says the same for a name that nobody has, a wrong password, and everybody who can’t sign in', async () => {
  const users = {
    active: await make.user({ organizationId: acme.id, passwordHash }),
    suspended: await make.user({ organizationId: acme.id, passwordHash, status: 'suspended' }),
    'of a suspended organization': await make.user({ organizationId: shut.id, passwordHash }),
    'without a password yet': await make.user({ organizationId: acme.id }),
    administrator: ada,
    deleted: await make.user({ organizationId: acme.id, status: 'deleted' }),
  }
  await db.pool.query(`UPDATE "organization" SET "status" = 'suspended' WHERE "id" = $1`, [shut.id])
  const unknown = await cost('session.signIn', { username: 'nobody.at.all', password: 'wrong' })
  expect(unknown).toMatchObject({ status: 401, hashings: 1 })
  expect(unknown.statements.length).toBeGreaterThan(3)
  for (const [who, { username }] of Object.entries(users)) expect(await cost('session.signIn', { username, password: 'wrong' }), who).toEqual(unknown)
  for (const odd of ['', ' ', 'ADA', 'x'.repeat(256), 'a\u0000b', "' OR 1=1 --", 'ä'].filter((name) => name.trim()))
    expect(await cost('session.signIn', { username: odd, password: 'wrong' }), odd).toEqual(unknown)

  // Only who knows the password is told that the account is shut.
  for (const who of ['suspended', 'of a suspended organization'] as const) {
    const told = await cost('session.signIn', { username: users[who].username, password: RIGHT })
    expect(told).toMatchObject({ status: 403, hashings: 1, statements: unknown.statements })
    expect(told.told).toContain('ACCOUNT_SUSPENDED')
  }
})

test('a link that is used, replaced, over, or of somebody who may not enter costs and says the same as one that never was', async () => {
  const newLink = async (spoil: (link: { userId: string; token: string; username: string }) => Promise<unknown>) => {
    const { id: userId, username } = await make.user({ organizationId: acme.id })
    const { path } = await as(ada).user.createLink.mutate({ userId })
    const token = path.split('#')[1] ?? ''
    await spoil({ userId, token, username })
    return token
  }
  const tokens = {
    used: await newLink(({ token }) => node.anonymous.link.accept.mutate({ token, password: RIGHT })),
    replaced: await newLink(({ userId }) => as(ada).user.createLink.mutate({ userId })),
    over: await newLink(({ userId }) => db.pool.query(`UPDATE "link" SET "expiresAt" = now() WHERE "userId" = $1`, [userId])),
    'of somebody suspended': await newLink(({ userId }) => as(ada).user.suspend.mutate({ userId })),
    'of somebody deleted': await newLink(({ userId, username }) => as(ada).user.delete.mutate({ userId, confirmation: username })),
    'overtaken by a password': await newLink(({ userId }) => as(ada).user.setPassword.mutate({ userId, password: RIGHT })),
    'of somebody in a suspended organization': await newLink(({ userId }) =>
      db.pool.query(`UPDATE "user" SET "organizationId" = $2 WHERE "id" = $1`, [userId, shut.id]),
    ),
  }
  for (const [procedure, rest] of [
    ['link.inspect', {}],
    ['link.accept', { password: RIGHT }],
  ] as const) {
    const unknown = await cost(procedure, { token: 'never-was', ...rest })
    expect(unknown).toMatchObject({ status: 404, hashings: 0 })
    for (const [how, token] of Object.entries(tokens)) expect(await cost(procedure, { token, ...rest }), `${procedure}, ${how}`).toEqual(unknown)
  }
})

test('an invitation that is used up, replaced, over, revoked or dead costs and says the same as one that never was', async () => {
  const newInvitation = async (spoil: (made: { id: string; token: string; inviter: { id: string; username: string } }) => Promise<unknown>) => {
    const inviter = await make.user({ organizationId: acme.id, role: 'manager' })
    const workspace = await make.workspace({ organizationId: acme.id })
    const { id, path } = await as(inviter).invitation.create.mutate({ workspaceIds: [workspace.id] })
    const token = path.split('#')[1] ?? ''
    await spoil({ id, token, inviter })
    return token
  }
  const tokens = {
    used: await newInvitation(({ token }) => node.anonymous.invitation.accept.mutate({ token, username: 'guest', password: RIGHT })),
    replaced: await newInvitation(({ id }) => as(ada).invitation.resend.mutate({ invitationId: id })),
    over: await newInvitation(({ id }) => db.pool.query(`UPDATE "invitation" SET "expiresAt" = now() WHERE "id" = $1`, [id])),
    revoked: await newInvitation(({ id }) => as(ada).invitation.revoke.mutate({ invitationId: id })),
    'of somebody suspended': await newInvitation(({ inviter }) => as(ada).user.suspend.mutate({ userId: inviter.id })),
    'of somebody deleted': await newInvitation(({ inviter }) => as(ada).user.delete.mutate({ userId: inviter.id, confirmation: inviter.username })),
    'of somebody demoted': await newInvitation(({ inviter }) => as(ada).user.setRole.mutate({ userId: inviter.id, role: 'default', expected: 'manager' })),
    'of somebody elsewhere': await newInvitation(({ inviter }) =>
      db.pool.query(`UPDATE "user" SET "organizationId" = $2 WHERE "id" = $1`, [inviter.id, shut.id]),
    ),
  }
  for (const [procedure, rest] of [
    ['invitation.inspect', {}],
    ['invitation.accept', { username: 'guest.two', password: RIGHT }],
  ] as const) {
    const unknown = await cost(procedure, { token: 'never-was', ...rest })
    expect(unknown).toMatchObject({ status: 404, hashings: 0 })
    for (const [how, token] of Object.entries(tokens)) expect(await cost(procedure, { token, ...rest }), `${procedure}, ${how}`).toEqual(unknown)
  }
})

test('a node verifies two passwords at once, lets fifty wait, and refuses the rest at once with 503', async () => {
  const hashings = countHashings()
  let running = 0
  let most = 0
  const { promise: signal, resolve: letGo } = Promise.withResolvers<void>()
  const held = Array.from({ length: 2 }, () =>
    hashQueue(async () => {
      most = Math.max(most, ++running)
      await signal
      running--
    }),
  )
  const waiting = Array.from({ length: 50 }, (_, i) =>
    hashQueue(async () => {
      most = Math.max(most, ++running)
      running--
      return i
    }),
  )
  const answers = await Promise.all(Array.from({ length: 3 }, () => browserAt(node, '192.0.2.2').signIn(ada.username, RIGHT)))
  expect(answers.map(({ status, refusal }) => [status, refusal?.code])).toEqual(Array(3).fill([503, 'BUSY']))
  expect(hashings()).toBe(0)
  letGo()
  await Promise.all(held)
  // First come, first served.
  expect(await Promise.all(waiting)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  expect(most).toBe(2)
  expect((await browserAt(node, '192.0.2.2').signIn(ada.username, RIGHT)).status).toBe(200)
})

test('a password is hashed as OWASP has it, and only it is verified, however its letters are put together', async () => {
  const hash = await hashPassword('Zoë likes horses')
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/u)
  expect(await verifyPassword('Zoë likes horses'.normalize('NFD'), hash)).toBe(true)
  expect(await verifyPassword('Zoe likes horses', hash)).toBe(false)
  // Nothing is the password of nobody.
  expect(await verifyPassword('', null)).toBe(false)
})
