import { expect, test } from 'vitest'
import { fingerprint } from '../../test/support/fingerprint.ts'
import { refusalOf, testInstance } from '../../test/support/instance.ts'
import { sender } from '../../test/support/send.ts'
import { newSetupCode } from './setupCode.ts'

const { app, make, as, anonymous, audit, db } = await testInstance()
const send = sender(app)
const PASSWORD = 'correct horse battery'
const FIRST = { organizationName: ' Acme ', username: 'ada', displayName: ' Ada ', password: PASSWORD }

// An instance is set up once, so these tests depend on their order.
test('reports before setup that setup is not done', async () => {
  expect(await anonymous.setup.status.query()).toEqual({ setUp: false, instanceName: 'Roster', supportAddress: null })
})

test.each([
  ['a wrong code', { ...FIRST, code: 'wrong' }, 'INVALID_SETUP_CODE'],
  ['a code before one was created', { ...FIRST, code: 'x'.repeat(22) }, 'INVALID_SETUP_CODE'],
])('refuses %s, and changes nothing', async (_name, input, code) => {
  const before = await fingerprint(db)
  expect(await refusalOf(anonymous.setup.run.mutate(input))).toEqual({ code, details: {} })
  expect(await fingerprint(db)).toEqual(before)
})

test('refuses the code of an earlier start and an invalid password, and changes nothing', async () => {
  const earlier = (await newSetupCode(db)) ?? ''
  const code = (await newSetupCode(db)) ?? ''
  const before = await fingerprint(db)
  expect(await refusalOf(anonymous.setup.run.mutate({ ...FIRST, code: earlier }))).toEqual({
    code: 'INVALID_SETUP_CODE',
    details: {},
  })
  expect(await refusalOf(anonymous.setup.run.mutate({ ...FIRST, code, password: 'password1' }))).toEqual({
    code: 'PASSWORD_COMMON',
    details: {},
  })
  const asUsername = { ...FIRST, code, username: 'a.long.name', password: 'A.LONG.NAME' }
  expect(await refusalOf(anonymous.setup.run.mutate(asUsername))).toEqual({ code: 'PASSWORD_IS_USERNAME', details: {} })
  expect(await fingerprint(db)).toEqual(before)
})

test('creates the first organization and administrator with the right code, signs in, and consumes the code', async () => {
  const code = (await newSetupCode(db)) ?? ''
  const { status, data, headers } = await send('setup.run', { ...FIRST, code: ` ${code} ` })
  expect(status).toBe(200)
  const me = data as { user: { id: string; organizationId: string } }
  expect(me).toMatchObject({
    user: { username: 'ada', displayName: 'Ada', role: 'administrator', dailyLimit: null },
    organization: { name: 'Acme' },
    passwordChangeRequired: false,
    passwordSetBy: null,
  })
  const [cookie = ''] = (headers['set-cookie'] ?? '').split(';')
  expect((await send('user.list', {}, { cookie })).data).toMatchObject({ rows: [{ username: 'ada' }] })
  expect(await audit(me.user.id)).toMatchObject([
    {
      action: 'setup.run',
      actorId: me.user.id,
      through: 'setup-code',
      after: { username: 'ada', role: 'administrator' },
    },
  ])
  expect(await audit(me.user.organizationId)).toMatchObject([
    { action: 'setup.run', targetKind: 'organization', after: { name: 'Acme' } },
  ])
  expect((await db.pool.query(`SELECT "setupCodeHash" FROM "instance"`)).rows).toEqual([{ setupCodeHash: null }])
})

test('refuses a second setup, and creates no further code', async () => {
  const before = await fingerprint(db)
  expect(await newSetupCode(db)).toBeNull()
  expect(
    await refusalOf(anonymous.setup.run.mutate({ ...FIRST, code: 'x', username: 'eve', organizationName: 'Evil' })),
  ).toEqual({
    code: 'ALREADY_SET_UP',
    details: {},
  })
  expect(await fingerprint(db)).toEqual(before)
  expect(await anonymous.setup.status.query()).toMatchObject({ setUp: true })
})

test('reports the real state in the checklist', async () => {
  const { rows } = await db.pool.query<{ id: string; organizationId: string }>(
    `SELECT "id", "organizationId" FROM "user"`,
  )
  const [ada] = rows as [(typeof rows)[number]]
  const checklist = () => as(ada).setup.checklist.query()
  expect(await checklist()).toEqual({
    instanceNamed: false,
    users: 1,
    workspaces: 0,
    members: 0,
    address: '',
    addressSet: false,
    tls: false,
    defaultUserSees: null,
  })
  expect(await as(ada).setup.nameInstance.mutate({ name: ' Chatter ', supportAddress: ' help@example.com ' })).toEqual(
    {},
  )
  const { user: john } = await as(ada).user.create.mutate({ username: 'john', credential: { kind: 'link' } })
  const [beta, alpha] = [
    await as(ada).workspace.create.mutate({ name: 'Beta' }),
    await as(ada).workspace.create.mutate({ name: 'Alpha' }),
  ]
  for (const { id } of [alpha, beta]) await as(ada).member.update.mutate({ workspaceId: id, add: [john.id] })
  expect(await checklist()).toMatchObject({
    instanceNamed: true,
    users: 2,
    workspaces: 2,
    members: 2,
    defaultUserSees: { userId: john.id, username: 'john', workspaces: ['Alpha', 'Beta'] },
  })
  await make.members(
    { id: (await make.workspace({ organizationId: ada.organizationId })).id, organizationId: ada.organizationId },
    [john],
    new Date(Date.now() - 1000),
  )
  expect(await checklist()).toMatchObject({ members: 2, defaultUserSees: { workspaces: ['Alpha', 'Beta'] } })
  await as(ada).member.update.mutate({ workspaceId: alpha.id, remove: [john.id] })
  await as(ada).member.update.mutate({ workspaceId: beta.id, remove: [john.id] })
  expect(await checklist()).toMatchObject({ members: 0, defaultUserSees: null })
})

test('shows the instance’s name and support address on the sign-in page, and audits their changes', async () => {
  expect(await anonymous.setup.status.query()).toEqual({
    setUp: true,
    instanceName: 'Chatter',
    supportAddress: 'help@example.com',
  })
  const { rows } = await db.pool.query<{ id: string }>(`SELECT "id" FROM "user" WHERE "username" = 'ada'`)
  const [ada] = rows as [{ id: string }]
  expect((await as(ada).session.me.query()).instance).toMatchObject({
    name: 'Chatter',
    supportAddress: 'help@example.com',
  })
  await as(ada).setup.nameInstance.mutate({ name: 'Chatter' })
  expect((await anonymous.setup.status.query()).supportAddress).toBe('help@example.com')
  await as(ada).setup.nameInstance.mutate({ name: 'Chatter', supportAddress: '' })
  expect((await anonymous.setup.status.query()).supportAddress).toBeNull()
  const written = await db.pool.query(
    `SELECT t."before", t."after" FROM "audit_event" e JOIN "audit_text" t ON t."eventId" = e."id" WHERE e."action" = 'setup.nameInstance' ORDER BY e."at", e."id"`,
  )
  expect(written.rows).toEqual([
    {
      before: { name: 'Roster', supportAddress: null },
      after: { name: 'Chatter', supportAddress: 'help@example.com' },
    },
    { before: { supportAddress: 'help@example.com' }, after: { supportAddress: null } },
  ])
})
