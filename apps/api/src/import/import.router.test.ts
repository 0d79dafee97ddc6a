import { expect, test } from 'vitest'
import { importClient, names, rowNumbers } from '../../test/support/importClient.ts'
import { refusalOf, refusalsOf, testInstance } from '../../test/support/instance.ts'
import { sender } from '../../test/support/send.ts'

const instance = await testInstance()
const { app, make, as, db, audit, cookieOf } = instance
const { create, run, usersNamed } = importClient(instance)
const acme = await make.organization('Acme')
const globex = await make.organization('Globex')
const ada = await make.user({ organizationId: acme.id, username: 'ada', role: 'administrator', passwordHash: 'x' })
const max = await make.user({ organizationId: acme.id, username: 'max', role: 'manager', passwordHash: 'x' })
const dora = await make.user({ organizationId: acme.id, username: 'dora' })
await make.workspace({ organizationId: acme.id, name: 'Research' })
await make.workspace({ organizationId: acme.id, name: 'Sales' })
await make.workspace({ organizationId: acme.id, name: 'Old', archived: true })
await make.workspace({ organizationId: globex.id, name: 'Secret' })
await make.user({ organizationId: globex.id, username: 'gina' })

test('previews a file: its columns, their guessed fields, and sample cells', async () => {
  expect(await as(max).import.preview.query({ text: 'Benutzername;Name;Schuhgröße\nann;Ann;38\nben;Ben;43' })).toEqual({
    separator: ';',
    rowCount: 2,
    columns: [
      { name: 'Benutzername', guess: 'username', sample: ['ann', 'ben'] },
      { name: 'Name', guess: 'displayName', sample: ['Ann', 'Ben'] },
      { name: 'Schuhgröße', guess: null, sample: ['38', '43'] },
    ],
  })
})

test('plans each row by the rules of user.create, with outcome and reason, and creates no user', async () => {
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
  expect(summary).toMatchObject({
    mine: true,
    status: 'ready',
    credential: 'link',
    rowCount: 11,
    waiting: 1,
    created: 0,
    createdBy: { username: 'max' },
  })
  expect(
    rows.map(({ outcome, refusal }) =>
      refusal?.code === 'BAD_INPUT' ? refusal.details.issues.map(({ path }) => path[0]) : (refusal ?? outcome),
    ),
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
    { code: 'DUPLICATE_ROW', details: { row: 1 } },
    ['extra'],
  ])
  expect(await usersNamed([name])).toEqual([])
  expect(await audit(acme.id)).toMatchObject([{ action: 'import.create', batchId: importId, after: { users: 1 } }])
})

test('lets administrators and managers import, managers into their own organization, and each only run and read their own imports', async () => {
  const [name = ''] = names(1)
  expect(await refusalOf(create(dora, [`${name},,,,,`]))).toMatchObject({ code: 'ROLE_LACKS_ACTION' })
  expect(await refusalOf(create(max, [`${name},,,,,`], { organizationId: globex.id }))).toEqual({
    code: 'NOT_FOUND',
    details: { what: 'organization' },
  })
  const { importId } = await create(ada, [`${name},,,administrator,Secret,`], { organizationId: globex.id })
  const notFound = { code: 'NOT_FOUND', details: { what: 'import' } }
  expect(await refusalsOf([run(max, importId, [{ number: 1 }]), as(max).import.get.query({ importId })])).toEqual([
    notFound,
    notFound,
  ])
  expect((await as(max).import.list.query({})).map(({ id }) => id)).not.toContain(importId)
  expect(await run(ada, importId, [{ number: 1 }])).toMatchObject({ rows: [{ outcome: 'created' }] })
  expect(await usersNamed([name])).toMatchObject([{ organizationId: globex.id, role: 'administrator' }])
})

test('lets a manager with assigned scope import into assigned workspaces only', async () => {
  const scoped = await make.organization('Scoped')
  await db.pool.query(`UPDATE "organization" SET "managerScope" = 'assigned' WHERE "id" = $1`, [scoped.id])
  const mia = await make.user({ organizationId: scoped.id, role: 'manager' })
  await make.workspace({ organizationId: scoped.id, name: 'Outside' })
  await make.members(await make.workspace({ organizationId: scoped.id, name: 'Inside' }), [mia])
  const list = names(2)
  const { importId } = await create(mia, [`${list[0]},,,,Inside,`, `${list[1]},,,,Outside,`])
  expect((await as(mia).import.get.query({ importId })).rows.map(({ refusal }) => refusal)).toEqual([
    null,
    { code: 'WORKSPACE_UNKNOWN', details: { name: 'Outside' } },
  ])
  expect((await run(mia, importId, rowNumbers(2))).rows.map(({ outcome }) => outcome)).toEqual(['created', 'elsewhere'])
})

test('matches workspace names with accents and without case', async () => {
  const plain = await make.workspace({ organizationId: acme.id, name: 'Resume' })
  const accented = await make.workspace({ organizationId: acme.id, name: 'Résumé' })
  const list = names(3)
  const { importId } = await create(max, [
    `${list[0]},,,,RESUME,`,
    `${list[1]},,,,résumé,`,
    `${list[2]},,,,Résumé; RESUME,`,
  ])
  await run(max, importId, rowNumbers(3))
  const inside = async ({ id }: { id: string }) =>
    (await as(max).member.list.query({ workspaceId: id })).rows.map(({ username }) => username)
  expect(await inside(plain)).toEqual([list[0], list[2]])
  expect(await inside(accented)).toEqual([list[1], list[2]])
})

test('rate-limits usernames outside the actor’s visibility in an import as in user.create', async () => {
  const mia = await make.user({ organizationId: acme.id, role: 'manager' })
  const hidden = await make.users(Array.from({ length: 250 }, () => ({ organizationId: globex.id })))
  expect(
    await refusalOf(
      create(
        mia,
        hidden.map(({ username }) => `${username},,,,,`),
      ),
    ),
  ).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' })
})

test('accepts a file above two megabytes, and refuses one above the import limit', async () => {
  const [name = ''] = names(1)
  const about = 'x'.repeat(999)
  const { importId } = await create(max, [
    `${name},,${about},,,`,
    ...Array.from({ length: 3000 }, (_, i) => `bulk.${i},,${about},,,`),
  ])
  expect(await as(max).import.get.query({ importId })).toMatchObject({ rowCount: 3001, waiting: 3001 })
  const cookie = await cookieOf(max)
  expect(await sender(app)('import.preview', { text: `a\n${'b'.repeat(5_000_000)}` }, { cookie })).toMatchObject({
    status: 400,
    message: 'text: At most 4 MB.',
  })
  expect(await sender(app)('import.preview', { text: `a\n${'b'.repeat(17_000_000)}` }, { cookie })).toMatchObject({
    status: 413,
    refusal: { code: 'TOO_LARGE' },
  })
})

test('names the importing user only to readers who may see that user', async () => {
  const root = await make.user({ organizationId: globex.id, role: 'administrator', passwordHash: 'x' })
  const { importId } = await create(root, [`${names(1)[0]},,,,,`], { organizationId: acme.id })
  await run(root, importId, rowNumbers(1))
  const listed = async (reader: { id: string }) =>
    (await as(reader).import.list.query({})).find(({ id }) => id === importId)
  expect(await listed(max)).toMatchObject({ mine: false, created: 1, createdBy: null })
  expect(await listed(ada)).toMatchObject({ createdBy: { id: root.id } })
})

test('keeps a user’s last five imports that were never run, and every started one', async () => {
  const mia = await make.user({ organizationId: acme.id, role: 'manager', passwordHash: 'x' })
  const createOne = async () => (await create(mia, [`${names(1)[0]},,,,,`])).importId
  const [started, dropped] = [await createOne(), await createOne()]
  await run(mia, started, rowNumbers(1))
  // The status is `ready` until the first run ends.
  await db.pool.query(`UPDATE "import" SET "status" = 'ready' WHERE "id" = $1`, [started])
  const kept = [await createOne(), await createOne(), await createOne(), await createOne(), await createOne()]
  expect((await as(mia).import.list.query({})).filter(({ mine }) => mine).map(({ id }) => id)).toEqual([
    ...kept.toReversed(),
    started,
  ])
  expect(await refusalOf(as(mia).import.get.query({ importId: dropped }))).toMatchObject({ code: 'NOT_FOUND' })
})

test('keeps a user’s last twenty finished imports', async () => {
  const mia = await make.user({ organizationId: acme.id, role: 'manager', passwordHash: 'x' })
  const ids: string[] = []
  for (const name of names(22)) {
    const { importId } = await create(mia, [`${name},,,,,`])
    await run(mia, importId, rowNumbers(1))
    ids.push(importId)
  }
  // An import's creation removes older ones, so the last import comes on top.
  const kept = await db.pool.query(`SELECT "id" FROM "import" WHERE "createdById" = $1 ORDER BY "id"`, [mia.id])
  expect(kept.rows.map(({ id }) => id)).toEqual(ids.slice(1))
})

test('refuses a sixth unfinished import until one is finished, also under concurrency', async () => {
  const mia = await make.user({ organizationId: acme.id, role: 'manager', passwordHash: 'x' })
  const started: string[] = []
  const start = async () => {
    const [one, other] = names(2)
    const { importId } = await create(mia, [`${one},,,,,`, `${other},,,,,`])
    await run(mia, importId, rowNumbers(1))
    started.push(importId)
  }
  for (let n = 0; n < 5; n++) await start()
  // The status is `ready` until the run ends.
  await db.pool.query(`UPDATE "import" SET "status" = 'ready' WHERE "id" = $1`, [started[0]])
  const full = { code: 'TOO_MANY_IMPORTS', details: { max: 5 } }
  expect((await as(mia).import.list.query({})).slice(0, 4).map(({ id }) => id)).toEqual(started.slice(1).reverse())
  expect(await refusalsOf(Array.from({ length: 3 }, () => create(mia, [`${names(1)[0]},,,,,`])))).toEqual([
    full,
    full,
    full,
  ])
  await run(mia, started[2] ?? '', [{ number: 2 }])
  await start()
  expect(await refusalOf(create(mia, [`${names(1)[0]},,,,,`]))).toEqual(full)
})
