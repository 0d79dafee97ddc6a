import { beforeEach, expect, test } from 'vitest'
import { browserAt } from '../../test/support/browser.ts'
import { testInstance } from '../../test/support/instance.ts'
import { countHashings, fastHash } from '../../test/support/password.ts'
import { hashPassword, verifyPassword } from '../password/hash.ts'
import { hashQueue } from '../password/queue.ts'

const statements: string[] = []
const node = await testInstance({ onStatement: (text) => void statements.push(text) })
const { make, db, as } = node
const [acme, suspendedOrganization] = [await make.organization('Acme'), await make.organization('Suspended')]
const RIGHT = 'correct horse battery'
const passwordHash = fastHash(RIGHT)
const ada = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash })

beforeEach(() => db.pool.query('DELETE FROM "rate_limit"'))

/** Observes a call: its statements in order, its hashings, and its answer without the unique parts. */
async function observe(procedure: string, input: unknown) {
  await db.pool.query('DELETE FROM "rate_limit"')
  // Earlier statements, such as those of the fixtures, don't count.
  statements.length = 0
  const hashings = countHashings()
  const { status, body, headers } = await browserAt(node, '192.0.2.1').call(procedure, input)
  const text = body.replace(/"requestId":"[^"]+"/u, '').replace(/"at":"[^"]+"/u, '')
  const { date: _, ...shown } = headers
  return { status, text, shown, hashings: hashings(), statements: [...statements] }
}

test('sign-in does the same work and gives the same answer for unknown names, wrong passwords and users who can’t sign in', async () => {
  const users = {
    active: await make.user({ organizationId: acme.id, passwordHash }),
    suspended: await make.user({ organizationId: acme.id, passwordHash, status: 'suspended' }),
    'of a suspended organization': await make.user({ organizationId: suspendedOrganization.id, passwordHash }),
    'without a password yet': await make.user({ organizationId: acme.id }),
    administrator: ada,
    deleted: await make.user({ organizationId: acme.id, status: 'deleted' }),
  }
  await db.pool.query(`UPDATE "organization" SET "status" = 'suspended' WHERE "id" = $1`, [suspendedOrganization.id])
  const unknown = await observe('session.signIn', { username: 'unknown.user', password: 'wrong' })
  expect(unknown).toMatchObject({ status: 401, hashings: 1 })
  expect(unknown.statements.length).toBeGreaterThan(3)
  for (const [kind, { username }] of Object.entries(users))
    expect(await observe('session.signIn', { username, password: 'wrong' }), kind).toEqual(unknown)
  for (const odd of ['', ' ', 'ADA', 'x'.repeat(256), 'a\u0000b', "' OR 1=1 --", 'ä'].filter((name) => name.trim()))
    expect(await observe('session.signIn', { username: odd, password: 'wrong' }), odd).toEqual(unknown)

  // Only the right password reveals a suspension.
  for (const kind of ['suspended', 'of a suspended organization'] as const) {
    const answer = await observe('session.signIn', { username: users[kind].username, password: RIGHT })
    expect(answer).toMatchObject({ status: 403, hashings: 1, statements: unknown.statements })
    expect(answer.text).toContain('ACCOUNT_SUSPENDED')
  }
})

test('every invalid link does the same work and gets the same answer as an unknown one', async () => {
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
    expired: await newLink(({ userId }) =>
      db.pool.query(`UPDATE "link" SET "expiresAt" = now() WHERE "userId" = $1`, [userId]),
    ),
    'of a suspended user': await newLink(({ userId }) => as(ada).user.suspend.mutate({ userId })),
    'of a deleted user': await newLink(({ userId, username }) =>
      as(ada).user.delete.mutate({ userId, confirmation: username }),
    ),
    'revoked by a new password': await newLink(({ userId }) =>
      as(ada).user.setPassword.mutate({ userId, password: RIGHT }),
    ),
    'of a user in a suspended organization': await newLink(({ userId }) =>
      db.pool.query(`UPDATE "user" SET "organizationId" = $2 WHERE "id" = $1`, [userId, suspendedOrganization.id]),
    ),
  }
  for (const [procedure, rest] of [
    ['link.inspect', {}],
    ['link.accept', { password: RIGHT }],
  ] as const) {
    const unknown = await observe(procedure, { token: 'unknown', ...rest })
    expect(unknown).toMatchObject({ status: 404, hashings: 0 })
    for (const [how, token] of Object.entries(tokens))
      expect(await observe(procedure, { token, ...rest }), `${procedure}, ${how}`).toEqual(unknown)
  }
})

test('every invalid invitation does the same work and gets the same answer as an unknown one', async () => {
  const newInvitation = async (
    spoil: (made: { id: string; token: string; inviter: { id: string; username: string } }) => Promise<unknown>,
  ) => {
    const inviter = await make.user({ organizationId: acme.id, role: 'manager' })
    const workspace = await make.workspace({ organizationId: acme.id })
    const { id, path } = await as(inviter).invitation.create.mutate({ workspaceIds: [workspace.id] })
    const token = path.split('#')[1] ?? ''
    await spoil({ id, token, inviter })
    return token
  }
  const tokens = {
    used: await newInvitation(({ token }) =>
      node.anonymous.invitation.accept.mutate({ token, username: 'guest', password: RIGHT }),
    ),
    replaced: await newInvitation(({ id }) => as(ada).invitation.resend.mutate({ invitationId: id })),
    expired: await newInvitation(({ id }) =>
      db.pool.query(`UPDATE "invitation" SET "expiresAt" = now() WHERE "id" = $1`, [id]),
    ),
    revoked: await newInvitation(({ id }) => as(ada).invitation.revoke.mutate({ invitationId: id })),
    'of a suspended user': await newInvitation(({ inviter }) => as(ada).user.suspend.mutate({ userId: inviter.id })),
    'of a deleted user': await newInvitation(({ inviter }) =>
      as(ada).user.delete.mutate({ userId: inviter.id, confirmation: inviter.username }),
    ),
    'of a demoted user': await newInvitation(({ inviter }) =>
      as(ada).user.setRole.mutate({ userId: inviter.id, role: 'default', expected: 'manager' }),
    ),
    'of a user in another organization': await newInvitation(({ inviter }) =>
      db.pool.query(`UPDATE "user" SET "organizationId" = $2 WHERE "id" = $1`, [inviter.id, suspendedOrganization.id]),
    ),
  }
  for (const [procedure, rest] of [
    ['invitation.inspect', {}],
    ['invitation.accept', { username: 'guest.two', password: RIGHT }],
  ] as const) {
    const unknown = await observe(procedure, { token: 'unknown', ...rest })
    expect(unknown).toMatchObject({ status: 404, hashings: 0 })
    for (const [how, token] of Object.entries(tokens))
      expect(await observe(procedure, { token, ...rest }), `${procedure}, ${how}`).toEqual(unknown)
  }
})

test('verifies two passwords at once per node, queues fifty, and refuses more with 503', async () => {
  const hashings = countHashings()
  let running = 0
  let maxRunning = 0
  const { promise: signal, resolve: release } = Promise.withResolvers<void>()
  const blocking = Array.from({ length: 2 }, () =>
    hashQueue(async () => {
      maxRunning = Math.max(maxRunning, ++running)
      await signal
      running--
    }),
  )
  const waiting = Array.from({ length: 50 }, (_, i) =>
    hashQueue(async () => {
      maxRunning = Math.max(maxRunning, ++running)
      running--
      return i
    }),
  )
  const answers = await Promise.all(
    Array.from({ length: 3 }, () => browserAt(node, '192.0.2.2').signIn(ada.username, RIGHT)),
  )
  expect(answers.map(({ status, refusal }) => [status, refusal?.code])).toEqual(Array(3).fill([503, 'BUSY']))
  expect(hashings()).toBe(0)
  release()
  await Promise.all(blocking)
  // The queue is FIFO.
  expect(await Promise.all(waiting)).toEqual(Array.from({ length: 50 }, (_, i) => i))
  expect(maxRunning).toBe(2)
  expect((await browserAt(node, '192.0.2.2').signIn(ada.username, RIGHT)).status).toBe(200)
})

test('hashes with OWASP’s parameters, and verifies only the same password in any normalization form', async () => {
  const hash = await hashPassword('Zoë likes horses')
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/u)
  expect(await verifyPassword('Zoë likes horses'.normalize('NFD'), hash)).toBe(true)
  expect(await verifyPassword('Zoe likes horses', hash)).toBe(false)
  // No password matches a missing hash.
  expect(await verifyPassword('', null)).toBe(false)
})
