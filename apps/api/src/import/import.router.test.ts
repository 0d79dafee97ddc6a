import type { ImportField } from '@roster/domain'
import { expect, test } from 'vitest'
import { refusalOf, refusalsOf, testInstance } from '../testing/instance.ts'
import { sender } from '../testing/send.ts'

const { app, make, as, db, audit, cookieOf } = await testInstance()
const acme = await make.organization('Acme')
const globex = await make.organization('Globex')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const max = await make.user({ organizationId: acme.id, username: 'max', role: 'manager', passwordHash: 'x' })
const dora = await make.user({ organizationId: acme.id, username: 'dora' })
const research = await make.workspace({ organizationId: acme.id, name: 'Research' })
const sales = await make.workspace({ organizationId: acme.id, name: 'Sales' })
await make.workspace({ organizationId: acme.id, name: 'Old', archived: true })
await make.workspace({ organizationId: globex.id, name: 'Secret' })
await make.user({ organizationId: globex.id, username: 'gina' })

const ALL: ImportField[] = ['username', 'displayName', 'about', 'role', 'workspaces', 'dailyLimit']
type Run = Parameters<ReturnType<typeof as>['import']['run']['mutate']>[0]

function create(
  who: { id: string },
  rows: readonly string[],
  given: { columns?: (ImportField | null)[]; credential?: 'link' | 'password'; organizationId?: string } = {},
) {
  const text = ['username,name,about,role,workspaces,limit', ...rows].join('\n')
  return as(who).import.create.mutate({ text, fileName: 'people.csv', columns: ALL, credential: 'link', ...given })
}
const run = (who: { id: string }, importId: string, rows: Run['rows']) => as(who).import.run.mutate({ importId, rows })
const numbered = (count: number, from = 1) => Array.from({ length: count }, (_, i) => ({ number: from + i }))
let count = 0
const names = (many: number) => Array.from({ length: many }, () => `imported.${++count}`)
const usersNamed = async (list: readonly string[]) =>
  (
    await db.pool.query<{ id: string; username: string; role: string; dailyLimit: number | null; passwordHash: string | null }>(
      `SELECT * FROM "user" WHERE "username" = ANY($1)`,
      [list],
    )
  ).rows

test('a file is looked at: its columns, what they seem to be, and their first cells', async () => {
  expect(await as(max).import.look.query({ text: 'Benutzername;Name;Schuhgröße\nann;Ann;38\nben;Ben;43' })).toEqual({
    separator: ';',
    rowCount: 2,
    columns: [
      { name: 'Benutzername', guess: 'username', sample: ['ann', 'ben'] },
      { name: 'Name', guess: 'displayName', sample: ['Ann', 'Ben'] },
      { name: 'Schuhgröße', guess: null, sample: ['38', '43'] },
    ],
  })
})

test('the dry run tells each row’s outcome and reason by the rules of creating one, and creates nobody', async () => {
  const [name = ''] = names(1)
  const { importId } = await create(max, [
    `${name},Ann,,,Research|sales,20`,
    'Bad Name,Ben,,,,',
    'ok.one,Ben,,king,,',
    'ok.two,Ben,,,,many',
    'ok.three,Ben,,administrator,,',
    'ok.four,Ben,,,Secret,',
    'ok.five,Ben,,,Old,',
    'dora,Dora,,,,',
    'gina,Gina,,,,',
    `${name},Again,,,,`,
    'ok.six,Ben,,,,,,surplus',
  ])
  const { rows, ...summary } = await as(max).import.get.query({ importId })
  expect(summary).toMatchObject({ mine: true, status: 'ready', credential: 'link', rowCount: 11, waiting: 1, created: 0, createdBy: { username: 'max' } })
  expect(
    rows.map(({ outcome, refusal }) => (refusal?.code === 'BAD_INPUT' ? refusal.details.issues.map(({ path }) => path[0]) : (refusal ?? outcome))),
  ).toEqual([
    'create',
    ['username', 'username'],
    ['role'],
    ['dailyLimit'],
    { code: 'CANNOT_GRANT', details: { role: 'administrator' } },
    { code: 'WORKSPACE_UNKNOWN', details: { name: 'Secret' } },
    { code: 'WORKSPACE_ARCHIVED', details: { name: 'Old' } },
    { code: 'NAME_TAKEN', details: { name: 'dora', what: 'username' } },
    { code: 'NAME_TAKEN', details: { name: 'gina', what: 'username' } },
    { code: 'ROW_REPEATS', details: { row: 1 } },
    ['extra'],
  ])
  expect(await usersNamed([name])).toEqual([])
  expect(await audit(acme.id)).toMatchObject([{ action: 'import.create', batchId: importId, after: { people: 1 } }])
})

test('a run creates each person with role, workspaces, limit and a one-time link that works, each written down under the batch', async () => {
  const [ann = '', ben = ''] = names(2)
  const { importId } = await create(max, [`${ann},Ann,Hello,manager,Research; sales,`, 'Bad Name,,,,,', `${ben},,,default user,,7`])
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
  const { rows: members } = await db.pool.query(`SELECT "workspaceId" FROM "member" WHERE "userId" = $1 ORDER BY 1`, [one?.id])
  expect(members.map(({ workspaceId }) => workspaceId)).toEqual([research.id, sales.id].sort())
  expect(await audit(one?.id ?? '')).toMatchObject([{ action: 'user.create', batchId: importId, after: { username: ann, role: 'manager' } }])
  const token = ran.rows[0]?.link?.path.split('#')[1] ?? ''
  expect(await as(max).link.look.mutate({ token })).toMatchObject({ username: ann })
  expect(await as(max).import.get.query({ importId })).toMatchObject({
    status: 'done',
    created: 2,
    waiting: 0,
    rows: [{ username: ann, userId: one?.id }, {}, {}],
  })
})

test('only administrators and managers import, managers into their own organization, and nobody runs or reads another’s import', async () => {
  const [name = ''] = names(1)
  expect(await refusalOf(create(dora, [`${name},,,,,`]))).toMatchObject({ code: 'ROLE_LACKS_ACTION' })
  expect(await refusalOf(create(max, [`${name},,,,,`], { organizationId: globex.id }))).toEqual({ code: 'NOT_FOUND', details: { what: 'organization' } })
  const { importId } = await create(ada, [`${name},,,administrator,Secret,`], { organizationId: globex.id })
  const missing = { code: 'NOT_FOUND', details: { what: 'import' } }
  expect(await refusalsOf([run(max, importId, [{ number: 1 }]), as(max).import.get.query({ importId })])).toEqual([missing, missing])
  expect((await as(max).import.list.query({})).map(({ id }) => id)).not.toContain(importId)
  expect(await run(ada, importId, [{ number: 1 }])).toMatchObject({ rows: [{ outcome: 'created' }] })
  expect(await usersNamed([name])).toMatchObject([{ organizationId: globex.id, role: 'administrator' }])
})

test('what becomes of somebody who left the importer’s reach is not told to them', async () => {
  const [name = ''] = names(1)
  const { importId } = await create(max, [`${name},Secretly Renamed,,,,`])
  const userId = (await run(max, importId, numbered(1))).rows[0]?.userId ?? ''
  await as(ada).user.move.mutate({ userId, organizationId: globex.id, seen: acme.id, role: 'manager' })
  expect((await as(max).import.get.query({ importId })).rows).toEqual([
    { number: 1, username: null, displayName: null, role: '', workspaces: '', outcome: 'created', refusal: null, userId },
  ])
})

test('two runs of the same import at once make nobody twice', async () => {
  const list = names(40)
  const { importId } = await create(
    max,
    list.map((name) => `${name},,,,,`),
  )
  const [a, b] = await Promise.all([run(max, importId, numbered(40)), run(max, importId, numbered(40).reverse())])
  const created = [...a.rows, ...b.rows].filter(({ outcome }) => outcome === 'created').map(({ number }) => number)
  expect(created.sort((x, y) => x - y)).toEqual(numbered(40).map(({ number }) => number))
  expect(await usersNamed(list)).toHaveLength(40)
  expect(await as(max).import.get.query({ importId })).toMatchObject({ status: 'done', created: 40 })
})

test('a run that stops in the middle is seen, and gone on with: what is done stays done', async () => {
  const list = names(6)
  const { importId } = await create(
    max,
    list.map((name) => `${name},,,,,`),
  )
  expect(await run(max, importId, numbered(3))).toMatchObject({ waiting: 3 })
  expect(await as(max).import.list.query({})).toEqual(
    expect.arrayContaining([expect.objectContaining({ id: importId, status: 'running', waiting: 3, created: 3 })]),
  )
  const before = await usersNamed(list)
  const again = await run(max, importId, numbered(6))
  expect(again.rows.map(({ outcome }) => outcome)).toEqual(['elsewhere', 'elsewhere', 'elsewhere', 'created', 'created', 'created'])
  expect((await usersNamed(list)).filter(({ id }) => before.some((each) => each.id === id))).toEqual(expect.arrayContaining(before))
})

test('what changed since the dry run is asked again for each row', async () => {
  const list = names(3)
  const place = await make.workspace({ organizationId: acme.id, name: 'Closing' })
  const { importId } = await create(max, [`${list[0]},,,,closing,`, `${list[1]},,,,,`, `${list[2]},,,,,`])
  await make.user({ organizationId: globex.id, username: list[1] ?? '' })
  await as(ada).workspace.archive.mutate({ workspaceId: place.id })
  const ran = await run(max, importId, numbered(3))
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

test('a manager held to assigned workspaces imports into those alone', async () => {
  const held = await make.organization('Held')
  await db.pool.query(`UPDATE "organization" SET "managerScope" = 'assigned' WHERE "id" = $1`, [held.id])
  const mia = await make.user({ organizationId: held.id, role: 'manager' })
  await make.workspace({ organizationId: held.id, name: 'Outside' })
  await make.members(await make.workspace({ organizationId: held.id, name: 'Inside' }), [mia])
  const list = names(2)
  const { importId } = await create(mia, [`${list[0]},,,,Inside,`, `${list[1]},,,,Outside,`])
  expect((await as(mia).import.get.query({ importId })).rows.map(({ refusal }) => refusal)).toEqual([
    null,
    { code: 'WORKSPACE_UNKNOWN', details: { name: 'Outside' } },
  ])
  expect((await run(mia, importId, numbered(2))).rows.map(({ outcome }) => outcome)).toEqual(['created', 'elsewhere'])
})

test.each([
  ['demoted', `"role" = 'default'`, 'ROLE_LACKS_ACTION'],
  ['suspended', `"status" = 'suspended'`, 'SESSION_ENDED'],
])('an importer who is %s in the middle makes nobody from then on', async (_, change, code) => {
  const mia = await make.user({ organizationId: acme.id, role: 'manager' })
  const list = names(60)
  const { importId } = await create(
    mia,
    list.map((name) => `${name},,,,,`),
  )
  const running = run(mia, importId, numbered(60))
  while ((await usersNamed(list)).length < 5) await new Promise((resolve) => setTimeout(resolve, 2))
  await db.pool.query(`UPDATE "user" SET ${change} WHERE "id" = $1`, [mia.id])
  const made = (await usersNamed(list)).length
  // What was made before is told, with its links.
  const ran = await running
  expect(ran.rows.filter(({ outcome }) => outcome === 'created')).toHaveLength(ran.rows.length)
  expect(ran.rows.length).toBeLessThan(60)
  expect(await usersNamed(list)).toHaveLength(ran.rows.length)
  expect(ran.rows.length - made).toBeLessThanOrEqual(3)
  expect(await refusalOf(run(mia, importId, numbered(60)))).toMatchObject({ code })
  expect(await usersNamed(list)).toHaveLength(ran.rows.length)
})

test('passwords are hashed, to be replaced at the first sign-in, and stand nowhere else', async () => {
  const list = names(2)
  const { importId } = await create(
    max,
    list.map((name) => `${name},,,,,`),
    { credential: 'password' },
  )
  const passwords = ['a very secret password 1', 'a very secret password 2']
  expect(await refusalOf(run(max, importId, numbered(1)))).toMatchObject({ code: 'BAD_INPUT' })
  expect(await refusalOf(run(max, importId, [{ number: 1, password: 'password1' }]))).toMatchObject({ code: 'PASSWORD_COMMON' })
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
    expect(user).toMatchObject({ passwordChangeRequired: true, passwordSetById: max.id, passwordHash: expect.stringMatching(/^\$argon2id\$/u) })
  const { rows: tables } = await db.pool.query<{ name: string }>(
    `SELECT relname AS "name" FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`,
  )
  for (const { name } of tables) expect((await db.pool.query(`SELECT 1 FROM "${name}" t WHERE t::text LIKE '%very secret%'`)).rowCount, name).toBe(0)
})

test('a password that is the row’s own username is refused', async () => {
  const [name = ''] = names(1)
  const { importId } = await create(max, [`${name},,,,,`], { credential: 'password' })
  expect((await run(max, importId, [{ number: 1, password: name.toUpperCase() }])).rows).toMatchObject([
    { outcome: 'failed', refusal: { code: 'PASSWORD_IS_USERNAME' } },
  ])
})

test('names of people one can’t see are tried no more often by an import than one by one', async () => {
  const mia = await make.user({ organizationId: acme.id, role: 'manager' })
  const hidden = await make.users(Array.from({ length: 250 }, () => ({ organizationId: globex.id })))
  expect(
    await refusalOf(
      create(
        mia,
        hidden.map(({ username }) => `${username},,,,,`),
      ),
    ),
  ).toMatchObject({ code: 'TOO_MANY_TRIES' })
})

test('a file of more than two megabytes is taken, and a larger one than an import takes is refused', async () => {
  const [name = ''] = names(1)
  const about = 'x'.repeat(999)
  const { importId } = await create(max, [`${name},,${about},,,`, ...Array.from({ length: 3000 }, (_, i) => `bulk.${i},,${about},,,`)])
  expect(await as(max).import.get.query({ importId })).toMatchObject({ rowCount: 3001, waiting: 3001 })
  const cookie = await cookieOf(max)
  expect(await sender(app)('import.look', { text: `a\n${'b'.repeat(5_000_000)}` }, { cookie })).toMatchObject({ status: 400, message: 'text: At most 4 MB.' })
  expect(await sender(app)('import.look', { text: `a\n${'b'.repeat(17_000_000)}` }, { cookie })).toMatchObject({ status: 413, refusal: { code: 'TOO_LARGE' } })
})
