import { expect, test } from 'vitest'
import { refusalOf, refusalsOf, testInstance } from '../../test/support/instance.ts'

const { make, as, audit, db } = await testInstance()
const acme = await make.organization('Acme')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const { organization, user } = as(ada)

async function createPopulated(name?: string) {
  const created = await make.organization(name)
  const [manager, member] = [
    await make.user({ organizationId: created.id, role: 'manager' }),
    await make.user({ organizationId: created.id }),
  ]
  const workspace = await make.workspace({ organizationId: created.id })
  await make.members(workspace, [manager, member])
  return { ...created, manager, member, workspace }
}

test('creates organizations with unique names, ignoring case, and finds them by name', async () => {
  const created = await organization.create.mutate({ name: 'Globex', timeZone: 'Europe/Berlin' })
  expect(await organization.get.query({ organizationId: created.id })).toMatchObject({
    name: 'Globex',
    timeZone: 'Europe/Berlin',
    status: 'active',
    managerScope: 'organization',
    oversight: false,
    users: 0,
    workspaces: 0,
  })
  expect(await refusalOf(organization.create.mutate({ name: 'GLOBEX' }))).toEqual({
    code: 'NAME_TAKEN',
    details: { name: 'GLOBEX', what: 'organization' },
  })
  expect(await refusalOf(organization.rename.mutate({ organizationId: created.id, name: 'acme' }))).toMatchObject({
    code: 'NAME_TAKEN',
  })
  expect(await organization.create.mutate({ name: 'Glóbex' })).toMatchObject({ name: 'Glóbex' })
  const parallel = await refusalsOf(Array.from({ length: 10 }, () => organization.create.mutate({ name: 'Initech' })))
  expect(parallel.filter((refusal) => refusal === null)).toHaveLength(1)
  expect((await organization.list.query({ search: 'init' })).rows).toMatchObject([{ name: 'Initech', users: 0 }])
  expect(await audit(created.id)).toMatchObject([
    { action: 'organization.create', after: { name: 'Globex' }, organizationId: created.id },
  ])
})

test('lets a manager set the name and time zone of their organization, but neither scope nor oversight', async () => {
  const { id, manager } = await createPopulated()
  const own = as(manager).organization
  expect(await own.rename.mutate({ organizationId: id, name: 'Umbrella' })).toEqual({ changed: true })
  expect(await own.rename.mutate({ organizationId: id, name: 'Umbrella' })).toEqual({ changed: false })
  expect(await own.setTimeZone.mutate({ organizationId: id, timeZone: 'Asia/Tokyo' })).toEqual({ changed: true })
  expect(await as(manager).session.me.query()).toMatchObject({
    organization: { name: 'Umbrella', timeZone: 'Asia/Tokyo' },
  })
  expect(await refusalOf(own.setManagerScope.mutate({ organizationId: id, managerScope: 'assigned' }))).toMatchObject({
    code: 'ROLE_LACKS_ACTION',
  })
  expect(await refusalOf(own.setOversight.mutate({ organizationId: id, oversight: true }))).toMatchObject({
    code: 'ROLE_LACKS_ACTION',
  })
  expect((await audit(id)).map(({ action, before, after }) => [action, before, after])).toContainEqual([
    'organization.setTimeZone',
    { timeZone: 'UTC' },
    { timeZone: 'Asia/Tokyo' },
  ])
})

test.each(['', 'Mars/Olympus', '+01:00', 'UTC+1'])('refuses the time zone %j', async (timeZone) => {
  expect(await refusalOf(organization.setTimeZone.mutate({ organizationId: acme.id, timeZone }))).toMatchObject({
    code: 'BAD_INPUT',
    details: { issues: [{ path: ['timeZone'], message: 'Choose a time zone.' }] },
  })
})

test('records since when oversight is on', async () => {
  const { id } = await createPopulated()
  await organization.setOversight.mutate({ organizationId: id, oversight: true })
  const on = await organization.get.query({ organizationId: id })
  expect(on.oversight).toBe(true)
  expect(Date.now() - Date.parse(on.oversightSince ?? '')).toBeLessThan(60_000)
  await organization.setOversight.mutate({ organizationId: id, oversight: false })
  expect(await organization.get.query({ organizationId: id })).toMatchObject({ oversight: false, oversightSince: null })
})

test('ends all sessions when an organization is suspended, and restores none when it is reactivated', async () => {
  const { id, manager, member } = await createPopulated()
  await Promise.all([as(manager).session.me.query(), as(member).session.me.query()])
  expect(await organization.suspend.mutate({ organizationId: id })).toEqual({ changed: true, sessions: 2 })
  const ended = { code: 'SESSION_ENDED', details: { reason: 'organization-suspended' } }
  for (const account of [manager, member]) expect(await refusalOf(as(account).session.me.query())).toMatchObject(ended)
  expect(await organization.suspend.mutate({ organizationId: id })).toEqual({ changed: false, sessions: 0 })
  expect(await organization.reactivate.mutate({ organizationId: id })).toEqual({ changed: true })
  expect(await refusalOf(as(member).session.me.query())).toMatchObject(ended)
})

test('refuses to suspend or delete the actor’s own organization', async () => {
  const own = { code: 'TARGET_NOT_ALLOWED', details: { relation: 'own' } }
  expect(await refusalOf(organization.suspend.mutate({ organizationId: acme.id }))).toMatchObject(own)
  expect(await refusalOf(organization.delete.mutate({ organizationId: acme.id, confirmation: 'Acme' }))).toMatchObject(
    own,
  )
})

test('keeps one administrator when two suspend each other’s organizations concurrently', async () => {
  await db.pool.query(`UPDATE "user" SET "passwordHash" = NULL WHERE "username" = 'ada'`)
  for (let round = 0; round < 5; round++) {
    const [left, right] = [await make.organization(), await make.organization()]
    const [lea, rio] = [
      await make.user({ organizationId: left.id, role: 'administrator', passwordHash: 'x' }),
      await make.user({ organizationId: right.id, role: 'administrator', passwordHash: 'x' }),
    ]
    const [one, two] = await refusalsOf([
      as(lea).organization.suspend.mutate({ organizationId: right.id }),
      as(rio).organization.suspend.mutate({ organizationId: left.id }),
    ])
    expect([one, two].filter((refusal) => refusal === null)).toHaveLength(1)
    await db.pool.query(`UPDATE "user" SET "status" = 'suspended' WHERE "id" = ANY($1)`, [[lea.id, rio.id]])
  }
  await db.pool.query(`UPDATE "user" SET "passwordHash" = 'x' WHERE "username" = 'ada'`)
})

test('deletes an organization’s users and workspaces, frees their names, and deletes nothing else', async () => {
  const { id, name, manager, member, workspace } = await createPopulated('Doomed')
  const other = await createPopulated()
  await as(member).session.me.query()
  expect(await refusalOf(organization.delete.mutate({ organizationId: id, confirmation: 'doomed' }))).toEqual({
    code: 'CONFIRMATION_MISMATCH',
    details: { expected: 'Doomed' },
  })
  expect(await organization.delete.mutate({ organizationId: id, confirmation: name })).toEqual({
    users: 2,
    workspaces: 1,
  })
  expect(await refusalOf(as(member).session.me.query())).toMatchObject({
    code: 'SESSION_ENDED',
    details: { reason: 'deleted' },
  })
  expect(await refusalOf(organization.get.query({ organizationId: id }))).toMatchObject({ code: 'NOT_FOUND' })
  expect(await refusalOf(user.get.query({ userId: manager.id }))).toMatchObject({ code: 'NOT_FOUND' })
  expect(await refusalOf(as(ada).workspace.get.query({ workspaceId: workspace.id }))).toMatchObject({
    code: 'NOT_FOUND',
  })
  expect(
    await refusalOf(user.create.mutate({ username: 'too.late', organizationId: id, credential: { kind: 'link' } })),
  ).toMatchObject({ code: 'NOT_FOUND' })
  expect(await organization.create.mutate({ name: 'Doomed' })).toMatchObject({ name: 'Doomed' })
  expect(await user.create.mutate({ username: member.username, credential: { kind: 'link' } })).toMatchObject({
    user: { username: member.username },
  })
  expect(await as(other.member).session.me.query()).toMatchObject({ user: { id: other.member.id } })
  const [deletion] = (await audit(id)).filter(({ action }) => action === 'organization.delete')
  expect(deletion).toMatchObject({ before: { name: 'Doomed', users: 2 }, batchId: expect.any(String) })
  expect(await audit(member.id)).toMatchObject([
    { action: 'user.delete', batchId: deletion?.batchId, organizationId: id },
  ])
})

test('moves a user out of all workspaces, ends their sessions, and makes them a default user unless another role is chosen', async () => {
  const [from, to] = [await createPopulated(), await createPopulated()]
  await as(from.manager).session.me.query()
  const move = { userId: from.manager.id, organizationId: to.id, expected: from.id }
  expect(await user.move.mutate(move)).toEqual({ changed: true, memberships: 1 })
  expect(await refusalOf(as(from.manager).session.me.query())).toMatchObject({
    code: 'SESSION_ENDED',
    details: { reason: 'moved' },
  })
  expect(await user.get.query({ userId: from.manager.id })).toMatchObject({
    organizationId: to.id,
    role: 'default',
    workspaces: [],
  })
  expect(
    await refusalOf(
      as(from.member)
        .workspace.list.query({ organizationId: to.id })
        .then(() => as(to.manager).user.get.query({ userId: from.member.id })),
    ),
  ).toMatchObject({ code: 'NOT_FOUND' })
  expect(await as(to.manager).user.get.query({ userId: from.manager.id })).toMatchObject({ role: 'default' })
  expect(await refusalOf(user.move.mutate(move))).toEqual({
    code: 'CONFLICT',
    details: { version: null, at: null, by: null, fields: [{ field: 'organizationId', theirs: to.id }] },
  })
  const logs = (await audit(from.manager.id)).map(({ action, organizationId }) => `${action} ${organizationId}`)
  expect(logs.sort()).toEqual([`user.move ${from.id}`, `user.move ${to.id}`].sort())
})

test('refuses to move the last administrator into a suspended organization', async () => {
  const suspended = await make.organization()
  const other = await make.user({ organizationId: acme.id, role: 'administrator', passwordHash: null })
  await organization.suspend.mutate({ organizationId: suspended.id })
  const move = { userId: ada.id, organizationId: suspended.id, expected: acme.id, role: 'administrator' as const }
  expect(await refusalOf(as(other).user.move.mutate(move))).toEqual({ code: 'LAST_ADMINISTRATOR', details: {} })
})
