import { expect, test } from 'vitest'
import { importClient, names, rowNumbers } from '../../test/support/importClient.ts'
import { refusalOf, testInstance } from '../../test/support/instance.ts'
import { sender } from '../../test/support/send.ts'

const instance = await testInstance()
const { app, make, as, db, audit, cookieOf } = instance
const { create, run, usersNamed } = importClient(instance)
const acme = await make.organization('Acme')
const globex = await make.organization('Globex')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const max = await make.user({ organizationId: acme.id, username: 'max', role: 'manager', passwordHash: 'x' })
const research = await make.workspace({ organizationId: acme.id, name: 'Research' })
const sales = await make.workspace({ organizationId: acme.id, name: 'Sales' })

test('creates each user with role, workspaces, limit and a valid one-time link, and audits each under the batch id', async () => {
  const [ann = '', ben = ''] = names(2)
  const { importId } = await create(max, [
    `${ann},Ann,Hello,manager,Research; sales,`,
    'Bad Name,,,,,',
    `${ben},,,default user,,7`,
  ])
  const ran = await run(max, importId, [{ number: 1 }, { number: 2 }, { number: 3 }])
  expect(ran).toMatchObject({
    waiting: 0,
    rows: [
      { number: 1, outcome: 'created' },
      { number: 2, outcome: 'elsewhere', link: null },
      { number: 3, outcome: 'created' },
    ],
  })
  const [one, two] = (await usersNamed([ann, ben])).sort((a, b) => (a.username < b.username ? -1 : 1))
  expect(one).toMatchObject({
    role: 'manager',
    dailyLimit: null,
    displayName: 'Ann',
    about: 'Hello',
    organizationId: acme.id,
    passwordHash: null,
    createdById: max.id,
  })
  expect(two).toMatchObject({ role: 'default', dailyLimit: 7, displayName: null })
  const { rows: members } = await db.pool.query(`SELECT "workspaceId" FROM "member" WHERE "userId" = $1 ORDER BY 1`, [
    one?.id,
  ])
  expect(members.map(({ workspaceId }) => workspaceId)).toEqual([research.id, sales.id].sort())
  expect(await audit(one?.id ?? '')).toMatchObject([
    { action: 'user.create', batchId: importId, after: { username: ann, role: 'manager' } },
  ])
  const token = ran.rows[0]?.link?.path.split('#')[1] ?? ''
  expect(await as(max).link.inspect.mutate({ token })).toMatchObject({ username: ann })
  expect(await as(max).import.get.query({ importId })).toMatchObject({
    status: 'done',
    created: 2,
    waiting: 0,
    rows: [{ username: ann, userId: one?.id }, {}, {}],
  })
})

test('hides a created user who left the importing user’s visibility', async () => {
  const [name = ''] = names(1)
  const { importId } = await create(max, [`${name},Secretly Renamed,,,,`])
  const userId = (await run(max, importId, rowNumbers(1))).rows[0]?.userId ?? ''
  await as(ada).user.move.mutate({ userId, organizationId: globex.id, expected: acme.id, role: 'manager' })
  expect((await as(max).import.get.query({ importId })).rows).toEqual([
    {
      number: 1,
      username: null,
      displayName: null,
      role: '',
      workspaces: '',
      outcome: 'created',
      refusal: null,
      userId,
    },
  ])
})

test('creates no user twice when two runs of an import overlap', async () => {
  const list = names(40)
  const { importId } = await create(
    max,
    list.map((name) => `${name},,,,,`),
  )
  const [a, b] = await Promise.all([run(max, importId, rowNumbers(40)), run(max, importId, rowNumbers(40).reverse())])
  const created = [...a.rows, ...b.rows].filter(({ outcome }) => outcome === 'created').map(({ number }) => number)
  expect(created.sort((x, y) => x - y)).toEqual(rowNumbers(40).map(({ number }) => number))
  expect(await usersNamed(list)).toHaveLength(40)
  expect(await as(max).import.get.query({ importId })).toMatchObject({ status: 'done', created: 40 })
})

test('lists an interrupted import and resumes it without repeating finished rows', async () => {
  const list = names(6)
  const { importId } = await create(
    max,
    list.map((name) => `${name},,,,,`),
  )
  expect(await run(max, importId, rowNumbers(3))).toMatchObject({ waiting: 3 })
  expect(await as(max).import.list.query({})).toEqual(
    expect.arrayContaining([expect.objectContaining({ id: importId, status: 'running', waiting: 3, created: 3 })]),
  )
  const before = await usersNamed(list)
  const again = await run(max, importId, rowNumbers(6))
  expect(again.rows.map(({ outcome }) => outcome)).toEqual([
    'elsewhere',
    'elsewhere',
    'elsewhere',
    'created',
    'created',
    'created',
  ])
  expect((await usersNamed(list)).filter(({ id }) => before.some((each) => each.id === id))).toEqual(
    expect.arrayContaining(before),
  )
})

test('validates each row again when it is run', async () => {
  const list = names(3)
  const workspace = await make.workspace({ organizationId: acme.id, name: 'Closing' })
  const { importId } = await create(max, [`${list[0]},,,,closing,`, `${list[1]},,,,,`, `${list[2]},,,,,`])
  await make.user({ organizationId: globex.id, username: list[1] ?? '' })
  await as(ada).workspace.archive.mutate({ workspaceId: workspace.id })
  const ran = await run(max, importId, rowNumbers(3))
  expect(ran.rows).toMatchObject([
    { outcome: 'failed', refusal: { code: 'WORKSPACE_ARCHIVED', details: { name: 'Closing' } } },
    { outcome: 'failed', refusal: { code: 'NAME_TAKEN' } },
    { outcome: 'created' },
  ])
  const { rows } = await as(max).import.get.query({ importId })
  expect(rows.map(({ outcome, username }) => [outcome, username])).toEqual([
    ['failed', list[0]],
    ['failed', list[1]],
    ['created', list[2]],
  ])
})

test.each(['demoted', 'suspended'] as const)('creates no more users once the importing user is %s', async (how) => {
  const mia = await make.user({ organizationId: acme.id, role: 'manager' })
  const list = names(100)
  const { importId } = await create(
    mia,
    list.map((name) => `${name},,,,,`),
  )
  const running = run(mia, importId, rowNumbers(100))
  while ((await usersNamed(list)).length < 5) await new Promise((resolve) => setTimeout(resolve, 2))
  if (how === 'demoted') await as(ada).user.setRole.mutate({ userId: mia.id, role: 'default', expected: 'manager' })
  else await as(ada).user.suspend.mutate({ userId: mia.id })
  const created = (await usersNamed(list)).length
  expect(created).toBeLessThan(100)
  // The run reports the rows created before, with their links, and creates none after.
  const { rows } = await running
  expect(rows.map(({ outcome }) => outcome)).toEqual(Array.from({ length: created }, () => 'created'))
  expect(await refusalOf(run(mia, importId, rowNumbers(100)))).toMatchObject({
    code: how === 'demoted' ? 'ROLE_LACKS_ACTION' : 'SESSION_ENDED',
  })
  expect(await usersNamed(list)).toHaveLength(created)
})

test('hashes passwords, requires a change at the first sign-in, and stores them nowhere else', async () => {
  const list = names(2)
  const { importId } = await create(
    max,
    list.map((name) => `${name},,,,,`),
    { credential: 'password' },
  )
  const passwords = ['a very secret password 1', 'a very secret password 2']
  expect(await refusalOf(run(max, importId, rowNumbers(1)))).toMatchObject({ code: 'BAD_INPUT' })
  expect(await refusalOf(run(max, importId, [{ number: 1, password: 'password1' }]))).toMatchObject({
    code: 'PASSWORD_COMMON',
  })
  const answer = await sender(app)(
    'import.run',
    { importId, rows: passwords.map((password, i) => ({ number: i + 1, password })) },
    { cookie: await cookieOf(max) },
  )
  expect(answer).toMatchObject({
    status: 200,
    data: {
      waiting: 0,
      rows: [
        { outcome: 'created', link: null },
        { outcome: 'created', link: null },
      ],
    },
  })
  expect(answer.body).not.toContain('secret')
  for (const user of await usersNamed(list))
    expect(user).toMatchObject({
      passwordChangeRequired: true,
      passwordSetById: max.id,
      passwordHash: expect.stringMatching(/^\$argon2id\$/u),
    })
  const { rows: tables } = await db.pool.query<{ name: string }>(
    `SELECT relname AS "name" FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`,
  )
  for (const { name } of tables)
    expect((await db.pool.query(`SELECT 1 FROM "${name}" t WHERE t::text LIKE '%very secret%'`)).rowCount, name).toBe(0)
})

test('refuses a password that equals the row’s username', async () => {
  const [name = ''] = names(1)
  const { importId } = await create(max, [`${name},,,,,`], { credential: 'password' })
  expect((await run(max, importId, [{ number: 1, password: name.toUpperCase() }])).rows).toMatchObject([
    { outcome: 'failed', refusal: { code: 'PASSWORD_IS_USERNAME' } },
  ])
})
