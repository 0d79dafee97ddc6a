import { expect, test } from 'vitest'
import { fingerprint } from '../../../test/support/fingerprint.ts'
import { refusalOf, testInstance } from '../../../test/support/instance.ts'
import { sender } from '../../../test/support/send.ts'
import { hashPassword } from '../../password/hash.ts'

const { app, make, as, anonymous, audit, db } = await testInstance()
const send = sender(app)
const PASSWORD = 'correct horse battery'
const passwordHash = await hashPassword(PASSWORD)
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const { user } = as(ada)
await user.list.query({})
const newUser = () => make.user({ organizationId: acme.id, displayName: 'Jane Doe', passwordHash })
const signIn = (username: string, password = PASSWORD) => anonymous.session.signIn.mutate({ username, password })
const NOT_FOUND = { code: 'NOT_FOUND', details: { what: 'user' } }

test('ends every session with the reason when a user is suspended, and reveals it only with the right password', async () => {
  const john = await newUser()
  const sessions = [await make.session(john), await make.session(john)]
  expect(await user.suspend.mutate({ userId: john.id })).toEqual({ changed: true, statusVersion: 2 })
  for (const session of sessions)
    expect((await send('session.me', undefined, session)).refusal).toEqual({
      code: 'SESSION_ENDED',
      details: { reason: 'suspended', at: expect.any(String) },
    })
  expect(await refusalOf(signIn(john.username))).toEqual({ code: 'ACCOUNT_SUSPENDED', details: {} })
  expect(await refusalOf(signIn(john.username, 'wrong'))).toEqual({ code: 'INVALID_CREDENTIALS', details: {} })
  expect(await audit(john.id)).toMatchObject([
    { action: 'user.suspend', before: { status: 'active' }, after: { status: 'suspended' } },
  ])
})

test('keeps a suspended user’s workspaces, and marks the user in lists', async () => {
  const [john, workspace] = [await newUser(), await make.workspace({ organizationId: acme.id })]
  await make.members(workspace, [john])
  await user.suspend.mutate({ userId: john.id })
  expect((await user.list.query({ filter: { status: ['suspended'], workspaceId: workspace.id } })).rows).toMatchObject([
    { id: john.id, status: 'suspended', workspaceCount: 1 },
  ])
})

test('allows sign-in after a reactivation, but restores no session', async () => {
  const john = await newUser()
  const old = await make.session(john)
  await user.suspend.mutate({ userId: john.id })
  expect(await user.reactivate.mutate({ userId: john.id })).toEqual({ changed: true, statusVersion: 3 })
  expect((await send('session.me', undefined, old)).refusal).toMatchObject({
    code: 'SESSION_ENDED',
    details: { reason: 'suspended' },
  })
  expect(await signIn(john.username)).toMatchObject({ user: { id: john.id } })
  expect((await audit(john.id)).map(({ action }) => action)).toEqual(['user.suspend', 'user.reactivate'])
})

test('changes and audits nothing when the status is unchanged', async () => {
  const john = await newUser()
  const expectNoChange = async (call: () => Promise<{ changed: boolean }>) => {
    const before = await fingerprint(db)
    expect(await call()).toMatchObject({ changed: false })
    expect(await fingerprint(db)).toEqual(before)
  }
  await expectNoChange(() => user.reactivate.mutate({ userId: john.id }))
  await user.suspend.mutate({ userId: john.id })
  await expectNoChange(() => user.suspend.mutate({ userId: john.id }))
})

const conflict = (now: string) => ({
  code: 'CONFLICT',
  details: { version: null, at: null, by: null, fields: [{ field: 'status', theirs: now }] },
})

test('an undo reverts its own suspension, but no later one', async () => {
  const [john, max] = [await newUser(), await make.user({ organizationId: acme.id, role: 'manager' })]
  const target = { userId: john.id }
  const own = await user.suspend.mutate(target)
  await as(max).user.reactivate.mutate(target)
  expect(await refusalOf(user.reactivate.mutate({ ...target, expectedVersion: own.statusVersion }))).toEqual(
    conflict('active'),
  )
  const later = await as(max).user.suspend.mutate(target)
  const before = await fingerprint(db)
  expect(await refusalOf(user.reactivate.mutate({ ...target, expectedVersion: own.statusVersion }))).toEqual(
    conflict('suspended'),
  )
  expect(await fingerprint(db)).toEqual(before)
  expect(await as(max).user.reactivate.mutate({ ...target, expectedVersion: later.statusVersion })).toMatchObject({
    changed: true,
  })
})

test('an undo reverts its own reactivation, but no later one; a call without an expectation always applies', async () => {
  const [john, max] = [await newUser(), await make.user({ organizationId: acme.id, role: 'manager' })]
  const target = { userId: john.id }
  await user.suspend.mutate(target)
  const own = await user.reactivate.mutate(target)
  await as(max).user.suspend.mutate(target)
  await as(max).user.reactivate.mutate(target)
  const session = await make.session(john)
  expect(await refusalOf(user.suspend.mutate({ ...target, expectedVersion: own.statusVersion }))).toEqual(
    conflict('active'),
  )
  expect((await send('session.me', undefined, session)).status).toBe(200)
  await as(max).user.suspend.mutate(target)
  expect(await user.reactivate.mutate(target)).toMatchObject({ changed: true })
})

test('accepts one of two concurrent undos of a suspension, and refuses the other', async () => {
  const john = await newUser()
  const { statusVersion: expectedVersion } = await user.suspend.mutate({ userId: john.id })
  const undone = await Promise.all(
    [1, 2].map(() => refusalOf(user.reactivate.mutate({ userId: john.id, expectedVersion })).catch(() => null)),
  )
  expect(undone.filter((refusal) => refusal === null)).toHaveLength(1)
  expect(undone).toContainEqual(conflict('active'))
})

test('signs a user out with a reason, and audits the number of sessions', async () => {
  const john = await newUser()
  const sessions = [await make.session(john), await make.session(john)]
  expect(await user.signOut.mutate({ userId: john.id })).toEqual({ ended: 2 })
  expect(await user.signOut.mutate({ userId: john.id })).toEqual({ ended: 0 })
  for (const session of sessions)
    expect((await send('session.me', undefined, session)).refusal).toMatchObject({
      details: { reason: 'ended-by-other' },
    })
  expect(await signIn(john.username)).toMatchObject({ user: { id: john.id } })
  expect(await audit(john.id)).toMatchObject([{ action: 'user.signOut', after: { sessions: 2 } }])
})

test('requires the exact username to delete a user', async () => {
  const john = await newUser()
  for (const confirmation of ['', john.username.toUpperCase(), `${john.username} `, 'Jane Doe'])
    expect(await refusalOf(user.delete.mutate({ userId: john.id, confirmation }))).toEqual({
      code: 'CONFIRMATION_MISMATCH',
      details: { expected: john.username },
    })
  expect(await user.get.query({ userId: john.id })).toMatchObject({ status: 'active' })
})

test('deletes credentials, sessions, memberships and links of a user, and keeps an empty row with the id', async () => {
  const [john, workspace] = [await newUser(), await make.workspace({ organizationId: acme.id })]
  await make.members(workspace, [john])
  const session = await make.session(john)
  await signIn(john.username)
  await user.createLink.mutate({ userId: john.id })
  await user.setLimit.mutate({ userId: john.id, dailyLimit: 3, expected: null })
  expect(await user.delete.mutate({ userId: john.id, confirmation: john.username })).toEqual({ changed: true })
  expect((await send('session.me', undefined, session)).refusal).toMatchObject({
    code: 'SESSION_ENDED',
    details: { reason: 'deleted' },
  })
  expect(await refusalOf(signIn(john.username))).toEqual({ code: 'INVALID_CREDENTIALS', details: {} })
  const { rows } = await db.pool.query(
    `SELECT "status", "username", "displayName", "about", "passwordHash", "dailyLimit", "language", "theme", "searchKey", "displayNameKey" FROM "user" WHERE "id" = $1`,
    [john.id],
  )
  const empty = {
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
  expect(rows).toEqual([{ status: 'deleted', ...empty }])
  for (const table of ['member', 'link', 'device_cookie'])
    expect((await db.pool.query(`SELECT 1 FROM "${table}" WHERE "userId" = $1`, [john.id])).rowCount, table).toBe(0)
})

test('hides a deleted user from lists and calls, and gives a new user of that name another id', async () => {
  const john = await newUser()
  await user.delete.mutate({ userId: john.id, confirmation: john.username })
  expect(await refusalOf(user.get.query({ userId: john.id }))).toEqual(NOT_FOUND)
  expect(await refusalOf(user.reactivate.mutate({ userId: john.id }))).toEqual(NOT_FOUND)
  expect(await refusalOf(user.delete.mutate({ userId: john.id, confirmation: john.username }))).toEqual(NOT_FOUND)
  expect((await user.list.query({ filter: { search: john.username } })).rows).toEqual([])
  const { user: next } = await user.create.mutate({ username: john.username, credential: { kind: 'link' } })
  expect(next.id).not.toBe(john.id)
  expect(await audit(john.id)).toMatchObject([
    {
      action: 'user.delete',
      targetName: john.username,
      before: { username: john.username, displayName: 'Jane Doe', role: 'default', status: 'active' },
      after: { status: 'deleted' },
    },
  ])
  expect((await audit(next.id)).map(({ action }) => action)).toEqual(['user.create'])
})

test('audits the status and workspaces of a deleted user', async () => {
  const [john, workspace] = [await newUser(), await make.workspace({ organizationId: acme.id })]
  await make.members(workspace, [john])
  await user.suspend.mutate({ userId: john.id })
  await user.delete.mutate({ userId: john.id, confirmation: john.username })
  expect((await audit(john.id)).at(-1)).toMatchObject({ before: { status: 'suspended', workspaceIds: [workspace.id] } })
})
