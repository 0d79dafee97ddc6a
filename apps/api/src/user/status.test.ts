import { expect, test } from 'vitest'
import { hashPassword } from '../password/hash.ts'
import { fingerprint } from '../testing/fingerprint.ts'
import { refusalOf, testInstance } from '../testing/instance.ts'
import { sender } from '../testing/send.ts'

const { app, make, as, anonymous, audit, db } = await testInstance()
const send = sender(app)
const PASSWORD = 'correct horse battery'
const passwordHash = await hashPassword(PASSWORD)
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const { user } = as(ada)
await user.list.query({})
const newUser = () => make.user({ organizationId: acme.id, displayName: 'Some Body', passwordHash })
const signIn = (username: string, password = PASSWORD) => anonymous.session.signIn.mutate({ username, password })
const NOBODY = { code: 'NOT_FOUND', details: { what: 'user' } }

test('suspending ends every session and says why; whoever knows the password is told, and nobody else', async () => {
  const john = await newUser()
  const sessions = [await make.session(john), await make.session(john)]
  expect(await user.suspend.mutate({ userId: john.id })).toEqual({ changed: true, statusVersion: 2 })
  for (const session of sessions)
    expect((await send('session.me', undefined, session)).refusal).toEqual({ code: 'SESSION_ENDED', details: { reason: 'suspended', at: expect.any(String) } })
  expect(await refusalOf(signIn(john.username))).toEqual({ code: 'ACCOUNT_SUSPENDED', details: {} })
  expect(await refusalOf(signIn(john.username, 'wrong'))).toEqual({ code: 'INVALID_CREDENTIALS', details: {} })
  expect(await audit(john.id)).toMatchObject([{ action: 'user.suspend', before: { status: 'active' }, after: { status: 'suspended' } }])
})

test('suspended people keep their workspaces and stand in the lists as such', async () => {
  const [john, workspace] = [await newUser(), await make.workspace({ organizationId: acme.id })]
  await make.members(workspace, [john])
  await user.suspend.mutate({ userId: john.id })
  expect((await user.list.query({ filter: { status: ['suspended'], workspaceId: workspace.id } })).rows).toMatchObject([
    { id: john.id, status: 'suspended', workspaceCount: 1 },
  ])
})

test('reactivating restores signing in, not the old sessions', async () => {
  const john = await newUser()
  const old = await make.session(john)
  await user.suspend.mutate({ userId: john.id })
  expect(await user.reactivate.mutate({ userId: john.id })).toEqual({ changed: true, statusVersion: 3 })
  expect((await send('session.me', undefined, old)).refusal).toMatchObject({ code: 'SESSION_ENDED', details: { reason: 'suspended' } })
  expect(await signIn(john.username)).toMatchObject({ user: { id: john.id } })
  expect((await audit(john.id)).map(({ action }) => action)).toEqual(['user.suspend', 'user.reactivate'])
})

test('doing again what is done already changes nothing and is not written down', async () => {
  const john = await newUser()
  const idle = async (call: () => Promise<{ changed: boolean }>) => {
    const before = await fingerprint(db)
    expect(await call()).toMatchObject({ changed: false })
    expect(await fingerprint(db)).toEqual(before)
  }
  await idle(() => user.reactivate.mutate({ userId: john.id }))
  await user.suspend.mutate({ userId: john.id })
  await idle(() => user.suspend.mutate({ userId: john.id }))
})

const since = (now: string) => ({ code: 'CONFLICT', details: { version: null, at: null, by: null, fields: [{ field: 'status', theirs: now }] } })

test('an undo takes back one’s own suspension, and no later one', async () => {
  const [john, max] = [await newUser(), await make.user({ organizationId: acme.id, role: 'manager' })]
  const target = { userId: john.id }
  const own = await user.suspend.mutate(target)
  await as(max).user.reactivate.mutate(target)
  expect(await refusalOf(user.reactivate.mutate({ ...target, expectedVersion: own.statusVersion }))).toEqual(since('active'))
  const later = await as(max).user.suspend.mutate(target)
  const before = await fingerprint(db)
  expect(await refusalOf(user.reactivate.mutate({ ...target, expectedVersion: own.statusVersion }))).toEqual(since('suspended'))
  expect(await fingerprint(db)).toEqual(before)
  expect(await as(max).user.reactivate.mutate({ ...target, expectedVersion: later.statusVersion })).toMatchObject({ changed: true })
})

test('an undo takes back one’s own reactivation, and no later one; whoever saw nothing reactivates as ever', async () => {
  const [john, max] = [await newUser(), await make.user({ organizationId: acme.id, role: 'manager' })]
  const target = { userId: john.id }
  await user.suspend.mutate(target)
  const own = await user.reactivate.mutate(target)
  await as(max).user.suspend.mutate(target)
  await as(max).user.reactivate.mutate(target)
  const session = await make.session(john)
  expect(await refusalOf(user.suspend.mutate({ ...target, expectedVersion: own.statusVersion }))).toEqual(since('active'))
  expect((await send('session.me', undefined, session)).status).toBe(200)
  await as(max).user.suspend.mutate(target)
  expect(await user.reactivate.mutate(target)).toMatchObject({ changed: true })
})

test('of two who take back the same suspension at once, one does and the other is told', async () => {
  const john = await newUser()
  const { statusVersion: expectedVersion } = await user.suspend.mutate({ userId: john.id })
  const undone = await Promise.all([1, 2].map(() => refusalOf(user.reactivate.mutate({ userId: john.id, expectedVersion })).catch(() => null)))
  expect(undone.filter((refusal) => refusal === null)).toHaveLength(1)
  expect(undone).toContainEqual(since('active'))
})

test('signing somebody out ends their sessions, is told to them, and written down with how many there were', async () => {
  const john = await newUser()
  const sessions = [await make.session(john), await make.session(john)]
  expect(await user.signOut.mutate({ userId: john.id })).toEqual({ ended: 2 })
  expect(await user.signOut.mutate({ userId: john.id })).toEqual({ ended: 0 })
  for (const session of sessions) expect((await send('session.me', undefined, session)).refusal).toMatchObject({ details: { reason: 'ended-by-other' } })
  expect(await signIn(john.username)).toMatchObject({ user: { id: john.id } })
  expect(await audit(john.id)).toMatchObject([{ action: 'user.signOut', after: { sessions: 2 } }])
})

test('deleting asks for the name as it is written', async () => {
  const john = await newUser()
  for (const confirmation of ['', john.username.toUpperCase(), `${john.username} `, 'Some Body'])
    expect(await refusalOf(user.delete.mutate({ userId: john.id, confirmation }))).toEqual({
      code: 'CONFIRMATION_MISMATCH',
      details: { expected: john.username },
    })
  expect(await user.get.query({ userId: john.id })).toMatchObject({ status: 'active' })
})

test('deleting takes credentials, sessions, memberships and links, and leaves an empty row with its id', async () => {
  const [john, workspace] = [await newUser(), await make.workspace({ organizationId: acme.id })]
  await make.members(workspace, [john])
  const session = await make.session(john)
  await signIn(john.username)
  await user.createLink.mutate({ userId: john.id })
  await user.setLimit.mutate({ userId: john.id, dailyLimit: 3, expected: null })
  expect(await user.delete.mutate({ userId: john.id, confirmation: john.username })).toEqual({ changed: true })
  expect((await send('session.me', undefined, session)).refusal).toMatchObject({ code: 'SESSION_ENDED', details: { reason: 'deleted' } })
  expect(await refusalOf(signIn(john.username))).toEqual({ code: 'INVALID_CREDENTIALS', details: {} })
  const { rows } = await db.pool.query(
    `SELECT "status", "username", "displayName", "about", "passwordHash", "dailyLimit", "language", "theme", "searchKey", "displayNameKey" FROM "user" WHERE "id" = $1`,
    [john.id],
  )
  const gone = {
    username: null,
    displayName: null,
    about: null,
    passwordHash: null,
    dailyLimit: null,
    language: null,
    theme: null,
    searchKey: '',
    displayNameKey: '',
  }
  expect(rows).toEqual([{ status: 'deleted', ...gone }])
  for (const table of ['member', 'link', 'device_cookie'])
    expect((await db.pool.query(`SELECT 1 FROM "${table}" WHERE "userId" = $1`, [john.id])).rowCount, table).toBe(0)
})

test('who is deleted is in no list, answers to no call, and is told from somebody new of that name by the id', async () => {
  const john = await newUser()
  await user.delete.mutate({ userId: john.id, confirmation: john.username })
  expect(await refusalOf(user.get.query({ userId: john.id }))).toEqual(NOBODY)
  expect(await refusalOf(user.reactivate.mutate({ userId: john.id }))).toEqual(NOBODY)
  expect(await refusalOf(user.delete.mutate({ userId: john.id, confirmation: john.username }))).toEqual(NOBODY)
  expect((await user.list.query({ filter: { search: john.username } })).rows).toEqual([])
  const { user: next } = await user.create.mutate({ username: john.username, credential: { kind: 'link' } })
  expect(next.id).not.toBe(john.id)
  expect(await audit(john.id)).toMatchObject([
    {
      action: 'user.delete',
      targetName: john.username,
      before: { username: john.username, displayName: 'Some Body', role: 'default', status: 'active' },
      after: { status: 'deleted' },
    },
  ])
  expect((await audit(next.id)).map(({ action }) => action)).toEqual(['user.create'])
})

test('who is deleted while suspended is written down as such, with the workspaces they were in', async () => {
  const [john, workspace] = [await newUser(), await make.workspace({ organizationId: acme.id })]
  await make.members(workspace, [john])
  await user.suspend.mutate({ userId: john.id })
  await user.delete.mutate({ userId: john.id, confirmation: john.username })
  expect((await audit(john.id)).at(-1)).toMatchObject({ before: { status: 'suspended', workspaceIds: [workspace.id] } })
})
