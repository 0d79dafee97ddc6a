import { randomUUIDv7 } from 'node:crypto'
import { LINK_LIFETIME_MS, type Refusal } from '@roster/domain'
import { expect, test } from 'vitest'
import { fingerprint } from '../../../test/support/fingerprint.ts'
import { refusalOf, testInstance } from '../../../test/support/instance.ts'

const { make, as, anonymous, audit, db } = await testInstance()
const acme = await make.organization('Acme')
const other = await make.organization('Other')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator' })
const max = await make.user({ organizationId: acme.id, username: 'max', role: 'manager' })
const PASSWORD = 'correct horse battery'
const byPassword = { kind: 'password', password: PASSWORD } as const
const byLink = { kind: 'link' } as const
await as(max).session.me.query()

/** Expects a refused creation that changes nothing, and returns its refusal. */
async function refused(input: Parameters<ReturnType<typeof as>['user']['create']['mutate']>[0]): Promise<Refusal> {
  const before = await fingerprint(db)
  const refusal = await refusalOf(as(max).user.create.mutate(input))
  expect(await fingerprint(db)).toEqual(before)
  return refusal
}

test('creates a user with a password, who must change it at the first sign-in and sees who set it', async () => {
  const { user, link } = await as(max).user.create.mutate({ username: 'john.doe', credential: byPassword })
  expect(user).toMatchObject({
    username: 'john.doe',
    organizationId: acme.id,
    role: 'default',
    status: 'active',
    dailyLimit: null,
    lastSeenAt: null,
    workspaces: [],
  })
  expect(link).toBeNull()
  const me = await anonymous.session.signIn.mutate({ username: ' John.Doe ', password: PASSWORD })
  expect(me).toMatchObject({ user: { id: user.id }, passwordChangeRequired: true, passwordSetBy: { username: 'max' } })
  expect(await as(max).user.get.query({ userId: user.id })).toMatchObject({
    hasPassword: true,
    passwordChangeRequired: true,
    createdBy: { id: max.id, username: 'max' },
  })
})

test('requires no password change when that was turned off', async () => {
  await as(max).user.create.mutate({ username: 'free', credential: { ...byPassword, changeRequired: false } })
  expect(await anonymous.session.signIn.mutate({ username: 'free', password: PASSWORD })).toMatchObject({
    passwordChangeRequired: false,
    passwordSetBy: { username: 'max' },
  })
})

test('creates a user with a link, who has no password until they accept it', async () => {
  const { user, link } = await as(max).user.create.mutate({ username: 'linda', credential: byLink })
  expect(link?.path).toMatch(/^\/link#[\w-]{43}$/u)
  expect(Math.abs(Date.parse(link?.expiresAt ?? '') - Date.now() - LINK_LIFETIME_MS)).toBeLessThan(60_000)
  expect(await as(max).user.get.query({ userId: user.id })).toMatchObject({
    hasPassword: false,
    passwordChangeRequired: false,
  })
  expect(await refusalOf(anonymous.session.signIn.mutate({ username: 'linda', password: PASSWORD }))).toEqual({
    code: 'INVALID_CREDENTIALS',
    details: {},
  })
  const token = link?.path.split('#')[1] ?? ''
  const me = await anonymous.link.accept.mutate({ token, password: PASSWORD })
  expect(me).toMatchObject({ user: { id: user.id }, passwordChangeRequired: false, passwordSetBy: null })
})

test('stores all given values trimmed, and empty texts as null', async () => {
  const [first, second] = [
    await make.workspace({ organizationId: acme.id, name: 'Beta' }),
    await make.workspace({ organizationId: acme.id, name: 'Alpha' }),
  ]
  const { user } = await as(max).user.create.mutate({
    username: 'full',
    displayName: '  Fülle  ',
    about: ' Knows\nmuch ',
    role: 'manager',
    dailyLimit: 10,
    workspaceIds: [first.id, second.id, first.id],
    credential: byLink,
  })
  expect(user).toMatchObject({ displayName: 'Fülle', role: 'manager', dailyLimit: 10, workspaceCount: 2 })
  expect(user.workspaces.map(({ name }) => name)).toEqual(['Alpha', 'Beta'])
  expect(await as(max).user.get.query({ userId: user.id })).toMatchObject({
    about: 'Knows\nmuch',
    version: 1,
    editedBy: null,
    organizationName: 'Acme',
  })
  expect((await as(max).member.list.query({ workspaceId: first.id })).rows).toMatchObject([
    { userId: user.id, addedBy: 'max' },
  ])
  expect(
    (await as(max).user.create.mutate({ username: 'empty', displayName: '  ', about: '', credential: byLink })).user
      .displayName,
  ).toBeNull()
})

test('audits a creation once with its values', async () => {
  const workspace = await make.workspace({ organizationId: acme.id })
  const { user } = await as(max).user.create.mutate({
    username: 'noted',
    dailyLimit: 3,
    workspaceIds: [workspace.id],
    credential: byPassword,
  })
  expect(await audit(user.id)).toEqual([
    {
      action: 'user.create',
      outcome: 'allowed',
      actorId: max.id,
      through: 'session',
      targetKind: 'user',
      targetName: 'noted',
      workspaceId: null,
      organizationId: acme.id,
      batchId: null,
      before: null,
      after: { username: 'noted', role: 'default', dailyLimit: 3, workspaceIds: [workspace.id] },
    },
  ])
})

test('refuses the whole creation when a workspace is unknown, and returns its id', async () => {
  const [own, foreign] = [
    await make.workspace({ organizationId: acme.id }),
    await make.workspace({ organizationId: other.id }),
  ]
  const missing = randomUUIDv7()
  expect(await refused({ username: 'lost', workspaceIds: [own.id, foreign.id, missing], credential: byLink })).toEqual({
    code: 'UNKNOWN_IDS',
    details: { what: 'workspace', ids: [foreign.id, missing] },
  })
  const elsewhere = { username: 'lost', organizationId: other.id, workspaceIds: [own.id], credential: byLink }
  expect(await refusalOf(as(ada).user.create.mutate(elsewhere))).toEqual({
    code: 'UNKNOWN_IDS',
    details: { what: 'workspace', ids: [own.id] },
  })
})

test('refuses to create a user in an archived workspace', async () => {
  const archived = await make.workspace({ organizationId: acme.id, name: 'Archive', archived: true })
  expect(await refused({ username: 'late', workspaceIds: [archived.id], credential: byLink })).toEqual({
    code: 'WORKSPACE_ARCHIVED',
    details: { name: 'Archive' },
  })
})

test('refuses a username in use anywhere in the instance, also by a suspended user, but not by a deleted one', async () => {
  await make.user({ organizationId: other.id, username: 'abroad' })
  await make.user({ organizationId: acme.id, username: 'asleep', status: 'suspended' })
  const deleted = await make.user({ organizationId: acme.id, username: 'leaver', status: 'deleted' })
  for (const username of ['abroad', 'asleep', 'max'])
    expect(await refused({ username, credential: byLink })).toEqual({
      code: 'NAME_TAKEN',
      details: { name: username, what: 'username' },
    })
  const { user } = await as(max).user.create.mutate({ username: 'leaver', credential: byLink })
  expect(user.id).not.toBe(deleted.id)
})

test.each([
  ['common', 'PASSWORD1', 'PASSWORD_COMMON'],
  ['the username', 'someone.else', 'PASSWORD_IS_USERNAME'],
  ['the username in capitals', 'Someone.Else', 'PASSWORD_IS_USERNAME'],
])('refuses a password that is %s', async (_name, password, code) => {
  expect(await refused({ username: 'someone.else', credential: { kind: 'password', password } })).toEqual({
    code,
    details: {},
  })
})

test('shows a new user in the list at once', async () => {
  const { user } = await as(max).user.create.mutate({ username: 'listed.soon', credential: byLink })
  expect((await as(max).user.list.query({ filter: { search: 'listed.soon' } })).rows).toEqual([user])
})

test('creates a user in thousands of workspaces, and audits all of them', async () => {
  const org = await make.organization()
  const { rows } = await db.pool.query<{ id: string }>(
    `INSERT INTO "workspace" ("id", "organizationId", "name", "nameKey", "caselessName") SELECT gen_random_uuid(), $1, 'Room ' || n, 'room ' || n, 'room ' || n FROM generate_series(1, 5000) n RETURNING "id"`,
    [org.id],
  )
  const workspaceIds = rows.map(({ id }) => id)
  const created = await as(ada).user.create.mutate({
    username: 'everywhere',
    organizationId: org.id,
    workspaceIds,
    credential: { kind: 'link' },
  })
  expect(created.user.workspaceCount).toBe(5000)
  const [event] = await audit(created.user.id)
  expect(event?.after?.workspaceIds).toHaveLength(5000)
})
