import { expect, test } from 'vitest'
import { importing, names, numbered } from '../testing/importing.ts'
import { refusalOf, refusalsOf, testInstance } from '../testing/instance.ts'
import { sender } from '../testing/send.ts'

const instance = await testInstance()
const { app, make, as, db, audit, cookieOf } = instance
const { create, run, usersNamed } = importing(instance)
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

test('a file is looked at: its columns, what they seem to be, and their first cells', async () => {
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
    { code: 'DUPLICATE_ROW', details: { row: 1 } },
    ['extra'],
  ])
  expect(await usersNamed([name])).toEqual([])
  expect(await audit(acme.id)).toMatchObject([{ action: 'import.create', batchId: importId, after: { users: 1 } }])
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

test('of workspaces whose names differ by accents a row means the one it names, in whatever case', async () => {
  const plain = await make.workspace({ organizationId: acme.id, name: 'Resume' })
  const accented = await make.workspace({ organizationId: acme.id, name: 'Résumé' })
  const list = names(3)
  const { importId } = await create(max, [`${list[0]},,,,RESUME,`, `${list[1]},,,,résumé,`, `${list[2]},,,,Résumé; RESUME,`])
  await run(max, importId, numbered(3))
  const inside = async ({ id }: { id: string }) => (await as(max).member.list.query({ workspaceId: id })).rows.map(({ username }) => username)
  expect(await inside(plain)).toEqual([list[0], list[2]])
  expect(await inside(accented)).toEqual([list[1], list[2]])
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
  ).toMatchObject({ code: 'TOO_MANY_ATTEMPTS' })
})

test('a file of more than two megabytes is taken, and a larger one than an import takes is refused', async () => {
  const [name = ''] = names(1)
  const about = 'x'.repeat(999)
  const { importId } = await create(max, [`${name},,${about},,,`, ...Array.from({ length: 3000 }, (_, i) => `bulk.${i},,${about},,,`)])
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

test('who imported is named to those who see them, and to nobody of another organization', async () => {
  const root = await make.user({ organizationId: globex.id, role: 'administrator', passwordHash: 'x' })
  const { importId } = await create(root, [`${names(1)[0]},,,,,`], { organizationId: acme.id })
  await run(root, importId, numbered(1))
  const told = async (reader: { id: string }) => (await as(reader).import.list.query({})).find(({ id }) => id === importId)
  expect(await told(max)).toMatchObject({ mine: false, created: 1, createdBy: null })
  expect(await told(ada)).toMatchObject({ createdBy: { id: root.id } })
})

test('of files that were looked at and never run the last five of a person are kept, and whatever was begun', async () => {
  const mia = await make.user({ organizationId: acme.id, role: 'manager', passwordHash: 'x' })
  const looked = async () => (await create(mia, [`${names(1)[0]},,,,,`])).importId
  const [begun, dropped] = [await looked(), await looked()]
  await run(mia, begun, numbered(1))
  // As it is until the first run's end.
  await db.pool.query(`UPDATE "import" SET "status" = 'ready' WHERE "id" = $1`, [begun])
  const kept = [await looked(), await looked(), await looked(), await looked(), await looked()]
  expect((await as(mia).import.list.query({})).filter(({ mine }) => mine).map(({ id }) => id)).toEqual([...kept.toReversed(), begun])
  expect(await refusalOf(as(mia).import.get.query({ importId: dropped }))).toMatchObject({ code: 'NOT_FOUND' })
})

test('of files that were run to their end the last twenty of a person are kept', async () => {
  const mia = await make.user({ organizationId: acme.id, role: 'manager', passwordHash: 'x' })
  const ids: string[] = []
  for (const name of names(22)) {
    const { importId } = await create(mia, [`${name},,,,,`])
    await run(mia, importId, numbered(1))
    ids.push(importId)
  }
  // The last one was run after it was looked at.
  const kept = await db.pool.query(`SELECT "id" FROM "import" WHERE "createdById" = $1 ORDER BY "id"`, [mia.id])
  expect(kept.rows.map(({ id }) => id)).toEqual(ids.slice(1))
})

test('whoever began five and finished none goes on with one before the next, also when they try many at once', async () => {
  const mia = await make.user({ organizationId: acme.id, role: 'manager', passwordHash: 'x' })
  const begun: string[] = []
  const begin = async () => {
    const [one, other] = names(2)
    const { importId } = await create(mia, [`${one},,,,,`, `${other},,,,,`])
    await run(mia, importId, numbered(1))
    begun.push(importId)
  }
  for (let n = 0; n < 5; n++) await begin()
  // As it is until the run's end.
  await db.pool.query(`UPDATE "import" SET "status" = 'ready' WHERE "id" = $1`, [begun[0]])
  const full = { code: 'TOO_MANY_IMPORTS', details: { most: 5 } }
  expect((await as(mia).import.list.query({})).slice(0, 4).map(({ id }) => id)).toEqual(begun.slice(1).reverse())
  expect(await refusalsOf(Array.from({ length: 3 }, () => create(mia, [`${names(1)[0]},,,,,`])))).toEqual([full, full, full])
  await run(mia, begun[2] ?? '', [{ number: 2 }])
  await begin()
  expect(await refusalOf(create(mia, [`${names(1)[0]},,,,,`]))).toEqual(full)
})
